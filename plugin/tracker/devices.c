/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who is on the bus: attachments, departures, and which of them are the same device again. A device
 * is known by its hub port and, once its serial string or a service told, by its ECID; never by the
 * serial number of restore mode, which different devices share. Facts: USB 2.0 chapters 9 and 11;
 * when a departure counts as planned: plugin/tracker/triggers.c. */

#include "plugin/tracker/internal.h"

#include <string.h>

#include "dissectors/core/serial.h"

enum standard_request {
    GET_STATUS = 0,
    SET_FEATURE = 3,
    SET_ADDRESS = 5,
    GET_DESCRIPTOR = 6,
};

enum {
    TYPE_STANDARD_OUT = 0x00,
    TYPE_STANDARD_IN = 0x80,
    TYPE_PORT_OUT = 0x23, /* class request to a hub's port */
    TYPE_PORT_IN = 0xa3,
    FEATURE_PORT_RESET = 4,
    DESCRIPTOR_DEVICE = 1,
    DESCRIPTOR_STRING = 3,
    PORT_CONNECTION = 1, /* bit 0 of wPortStatus and of wPortChange */
};

#define MAX_DEVICES 1024
#define STATUS_SHUTDOWN (-108)
#define STATUS_NO_DEVICE (-19)

static gpointer
address_key(guint16 bus, guint8 address)
{
    return GUINT_TO_POINTER((guint)bus << 8 | address);
}

static gpointer
port_key(guint16 bus, guint16 hub_port)
{
    return GUINT_TO_POINTER((guint)bus << 16 | hub_port);
}

struct tracked_device *
devices_at(const rs_tracker *tracker, guint16 bus, guint8 address)
{
    return g_hash_table_lookup(tracker->by_address, address_key(bus, address));
}

static const char *
mode_name(enum rs_usb_mode mode)
{
    /* Until something on port 62078 tells otherwise. */
    return mode == RS_USB_MUX ? "normal" : rs_usb_mode_name(mode);
}

void
device_set_mode(struct tracked_device *device, const char *mode)
{
    g_free(device->public.mode);
    device->public.mode = g_strdup(mode);
}

static struct tracked_device *
new_device(rs_tracker *tracker)
{
    struct tracked_device *device;

    if (tracker->devices->len >= MAX_DEVICES)
        return g_ptr_array_index(tracker->devices, MAX_DEVICES - 1);
    device = g_new0(struct tracked_device, 1);
    device->public.index = tracker->devices->len + 1;
    device->public.mode = g_strdup("");
    g_ptr_array_add(tracker->devices, device);
    return device;
}

/* The device left; frame is the first that told of it. */
static void
mark_left(struct tracked_device *device, const struct rs_observation *observation, guint32 frame,
          struct rs_note *note)
{
    device->public.present = FALSE;
    device->left_time_us = observation->time_us;
    device->left_frame = frame;
    device->left_planned = device_leave_is_planned(device, observation->time_us);
    device->left_reason = device->left_planned ? device->trigger : "";
    note->device = &device->public;
    note->device_event = RS_DEVICE_LEFT;
    note->planned = device->left_planned;
    note->reason = device->left_reason;
    note->left_in = frame;
}

/* Was it on another port of that bus? Buses are no sign: fast and slow transfers may have one each.
 */
static gboolean
was_elsewhere(const struct tracked_device *device, guint16 bus, guint16 hub_port)
{
    return hub_port && device->public.hub_port && device->public.bus == bus &&
           device->public.hub_port != hub_port;
}

/* A device that is away and could be the one that appears: the latest to leave, on this bus first.
 */
static struct tracked_device *
latest_absent(const rs_tracker *tracker, guint16 bus, guint16 hub_port)
{
    struct tracked_device *best = NULL;

    for (guint i = 0; i < tracker->devices->len; i++) {
        struct tracked_device *device = g_ptr_array_index(tracker->devices, i);
        gboolean same_bus = device->public.bus == bus;

        if (device->public.present || device->left_time_us == 0 ||
            was_elsewhere(device, bus, hub_port))
            continue;
        if (!best || (same_bus && best->public.bus != bus) ||
            (same_bus == (best->public.bus == bus) && device->left_time_us > best->left_time_us))
            best = device;
    }
    return best;
}

static struct tracked_device *
device_by_ecid(const rs_tracker *tracker, const char *ecid)
{
    for (guint i = 0; i < tracker->devices->len; i++) {
        struct tracked_device *device = g_ptr_array_index(tracker->devices, i);

        if (g_strcmp0(device->public.ecid, ecid) == 0)
            return device;
    }
    return NULL;
}

static void
place(rs_tracker *tracker, struct tracked_device *device, guint16 bus, guint8 address,
      guint16 hub_port)
{
    struct tracked_device *there = devices_at(tracker, device->public.bus, device->public.address);

    if (there == device)
        g_hash_table_remove(tracker->by_address,
                            address_key(device->public.bus, device->public.address));
    device->public.bus = bus;
    device->public.address = address;
    device->public.hub_port = hub_port;
    device->public.present = TRUE;
    g_hash_table_insert(tracker->by_address, address_key(bus, address), device);
    if (hub_port)
        g_hash_table_insert(tracker->ports, port_key(bus, hub_port), device);
}

/* Without its hub in the capture, or its enumeration, nothing ties a device to a port; the one that
 * was told to leave is the one that did. */
static struct tracked_device *
unplaced_leaver(const rs_tracker *tracker, guint16 bus)
{
    struct tracked_device *best = NULL;

    for (guint i = 0; i < tracker->devices->len; i++) {
        struct tracked_device *device = g_ptr_array_index(tracker->devices, i);

        if (device->public.present && device->public.hub_port == 0 && device->public.bus == bus &&
            device->trigger && (!best || device->trigger_time_us > best->trigger_time_us))
            best = device;
    }
    return best;
}

/* Which device appears on the port that was reset last. A device that still counts as present there
 * has left unseen. */
static struct tracked_device *
device_appearing(rs_tracker *tracker, guint16 bus, guint16 hub_port)
{
    struct tracked_device *device = NULL;

    if (hub_port)
        device = g_hash_table_lookup(tracker->ports, port_key(bus, hub_port));
    if (!device)
        device = latest_absent(tracker, bus, hub_port);
    if (!device)
        device = unplaced_leaver(tracker, bus);
    return device ? device : new_device(tracker);
}

static gboolean
shows_mode(const struct tracked_device *device, enum rs_usb_mode mode)
{
    return strcmp(device->public.mode, mode_name(mode)) == 0 ||
           (mode == RS_USB_MUX && strcmp(device->public.mode, "restore") == 0);
}

/* The device has come, or come back; to be told before it is given its new mode. */
static void
note_attached(const struct tracked_device *device, const struct rs_observation *observation,
              struct rs_note *note)
{
    gboolean is_new = device->public.mode[0] == '\0';

    note->device = &device->public;
    note->device_event = RS_DEVICE_ATTACHED;
    note->previous_mode = g_intern_string(device->public.mode);
    note->away_us = is_new ? -1 : observation->time_us - device->left_time_us;
    note->planned = device->left_planned;
    note->reason = is_new ? "" : device->left_reason;
    note->left_in = device->left_frame;
}

static void
attach(rs_tracker *tracker, const struct rs_observation *observation, enum rs_usb_mode mode,
       struct rs_note *note)
{
    const struct rs_usb_event *event = observation->usb->event;
    guint16 hub_port = (guint16)GPOINTER_TO_UINT(
        g_hash_table_lookup(tracker->reset_port, GUINT_TO_POINTER((guint)event->bus)));
    struct tracked_device *device = device_appearing(tracker, event->bus, hub_port);
    gboolean is_new = device->public.mode[0] == '\0';
    gboolean left_unseen =
        device->public.hub_port == 0 && device_leave_is_planned(device, observation->time_us);
    gboolean was_reset = device->public.present && shows_mode(device, mode) && !left_unseen;

    if (!is_new && event->address != 0)
        note->new_address = event->address;
    if (was_reset) { /* the host reset its port: the same device, in the same mode */
        place(tracker, device, event->bus, event->address, hub_port);
        return;
    }
    if (!is_new && device->public.present)
        mark_left(device, observation, observation->frame, note);
    note_attached(device, observation, note);
    place(tracker, device, event->bus, event->address, hub_port);
    device->is_restored = FALSE;
    device_set_mode(device, mode == RS_USB_MUX && g_strcmp0(device->left_reason, "bootx") == 0
                                ? "restore"
                                : mode_name(mode));
    device->trigger = NULL;
}

/* A device descriptor read: tells a new attachment unless the device is known to be there. */
static void
observe_device_descriptor(rs_tracker *tracker, const struct rs_observation *observation,
                          struct rs_note *note)
{
    const struct rs_usb_event *event = observation->usb->event;
    const guint8 *data = observation->usb->data;
    struct tracked_device *device = devices_at(tracker, event->bus, event->address);
    enum rs_usb_mode mode;

    if (event->data_length < 12 || data[1] != DESCRIPTOR_DEVICE)
        return;
    mode = rs_usb_mode_of((uint16_t)(data[8] | (unsigned)data[9] << 8),
                          (uint16_t)(data[10] | (unsigned)data[11] << 8));
    if (mode == RS_USB_UNKNOWN) {
        g_hash_table_remove(tracker->by_address, address_key(event->bus, event->address));
        return;
    }
    if (device && device->public.present && shows_mode(device, mode))
        return;
    attach(tracker, observation, mode, note);
}

struct tracked_device *
device_set_ecid(rs_tracker *tracker, struct tracked_device *device, guint64 number,
                const struct rs_observation *observation, struct rs_note *note)
{
    g_autofree char *ecid = g_strdup_printf("0x%" G_GINT64_MODIFIER "x", number);
    struct tracked_device *owner = device_by_ecid(tracker, ecid);

    if (owner == device)
        return device;
    if (!owner && !device->public.ecid) {
        device->public.ecid = g_strdup(ecid);
        return device;
    }
    if (!owner)
        owner = new_device(tracker);
    if (owner->public.present && owner->public.hub_port)
        return device; /* two devices with one ECID on the bus: keep what the ports say */
    if (!owner->public.ecid)
        owner->public.ecid = g_strdup(ecid);
    if (!owner->public.present)
        note_attached(owner, observation, note);
    owner->trigger = device->trigger;
    owner->trigger_time_us = device->trigger_time_us;
    owner->trigger_window_us = device->trigger_window_us;
    owner->is_restored = device->is_restored;
    device_set_mode(owner, device->public.mode);
    place(tracker, owner, device->public.bus, device->public.address, device->public.hub_port);
    device->public.present = FALSE;
    device->public.address = 0;
    return owner;
}

static void
observe_string(rs_tracker *tracker, const struct rs_observation *observation, struct rs_note *note)
{
    const struct rs_usb_event *event = observation->usb->event;
    const guint8 *data = observation->usb->data;
    struct tracked_device *device = devices_at(tracker, event->bus, event->address);
    char text[128];
    size_t length = 0;
    struct rs_serial serial;

    if (!device || event->data_length < 4 || data[1] != DESCRIPTOR_STRING)
        return;
    for (size_t i = 2; i + 1 < event->data_length && i + 1 < data[0] && length < sizeof text - 1;
         i += 2)
        text[length++] = data[i + 1] == 0 ? (char)data[i] : '?';
    text[length] = '\0';
    if (!rs_serial_parse(text, &serial))
        return;
    if (serial.has_ecid)
        device = device_set_ecid(tracker, device, serial.ecid, observation, note);
    if (!device->public.product && serial.has_chip)
        device->public.product = g_strdup(rs_product_identifier(serial.chip_id, serial.board_id));
}

static void
observe_port_status(rs_tracker *tracker, const struct rs_observation *observation,
                    const struct rs_usb_setup *setup, struct rs_note *note)
{
    const struct rs_usb_event *event = observation->usb->event;
    gpointer hub = address_key(event->bus, event->address);
    guint16 hub_port = (guint16)(event->address << 8 | (setup->index & 0xff));
    struct tracked_device *device =
        g_hash_table_lookup(tracker->ports, port_key(event->bus, hub_port));
    guint32 change_frame = GPOINTER_TO_UINT(g_hash_table_lookup(tracker->hub_change, hub));
    gboolean connected, changed;

    if (event->data_length < 4)
        return;
    connected = (observation->usb->data[0] & PORT_CONNECTION) != 0;
    changed = (observation->usb->data[2] & PORT_CONNECTION) != 0;
    g_hash_table_remove(tracker->hub_change, hub);
    if (!device && !connected && changed) {
        device = unplaced_leaver(tracker, event->bus);
        if (device)
            device->public.hub_port = hub_port;
    }
    if (device && device->public.present && device->public.hub_port == hub_port &&
        (!connected || changed))
        mark_left(device, observation, change_frame ? change_frame : observation->frame, note);
}

static void
observe_control(rs_tracker *tracker, const struct rs_observation *observation,
                const struct rs_usb_setup *setup, struct rs_note *note)
{
    const struct rs_usb_event *event = observation->usb->event;

    if (event->status != 0)
        return;
    if (setup->request_type == TYPE_PORT_IN && setup->request == GET_STATUS)
        observe_port_status(tracker, observation, setup, note);
    else if (setup->request_type == TYPE_STANDARD_OUT && setup->request == SET_ADDRESS) {
        struct tracked_device *device = devices_at(tracker, event->bus, 0);

        note->new_address = (guint8)setup->value;
        if (event->address == 0 && device && device->public.present)
            place(tracker, device, event->bus, (guint8)setup->value, device->public.hub_port);
        else
            g_hash_table_remove(tracker->by_address, address_key(event->bus, (guint8)setup->value));
    } else if (setup->request_type == TYPE_STANDARD_IN && setup->request == GET_DESCRIPTOR) {
        if (setup->value >> 8 == DESCRIPTOR_DEVICE)
            observe_device_descriptor(tracker, observation, note);
        else if (setup->value >> 8 == DESCRIPTOR_STRING)
            observe_string(tracker, observation, note);
    }
}

static void
observe_submission(rs_tracker *tracker, const struct rs_observation *observation)
{
    const struct rs_usb_event *event = observation->usb->event;
    const struct rs_usb_setup *setup = &event->setup;

    urb_table_submitted(tracker->urbs, event, observation->frame, observation->time_us);
    if (event->has_setup && setup->request_type == TYPE_PORT_OUT && setup->request == SET_FEATURE &&
        setup->value == FEATURE_PORT_RESET)
        g_hash_table_insert(tracker->reset_port, GUINT_TO_POINTER((guint)event->bus),
                            GUINT_TO_POINTER((guint)event->address << 8 | (setup->index & 0xff)));
}

static const char *
error_class(gint32 status)
{
    switch (status) {
    case -71: /* EPROTO */
    case -84: /* EILSEQ */
    case -62: /* ETIME */
        return "protocol";
    case -75: /* EOVERFLOW */
        return "babble";
    case -32: /* EPIPE */
        return "stall";
    case -2:   /* ENOENT */
    case -104: /* ECONNRESET */
        return "cancelled";
    case STATUS_SHUTDOWN:
    case STATUS_NO_DEVICE:
        return "gone";
    case -110: /* ETIMEDOUT */
        return "timeout";
    default:
        return "other";
    }
}

static const char *
transfer_name(enum rs_usb_transfer transfer)
{
    static const char *const names[] = { [RS_USB_ISO] = "iso",
                                         [RS_USB_INTERRUPT] = "interrupt",
                                         [RS_USB_CONTROL] = "control",
                                         [RS_USB_BULK] = "bulk" };

    return names[transfer];
}

static void
note_error(rs_tracker *tracker, const struct rs_observation *observation, gboolean has_submission,
           const struct pending_urb *submission, struct rs_note *note)
{
    const struct rs_usb_event *event = observation->usb->event;
    struct tracked_device *device = devices_at(tracker, event->bus, event->address);
    gboolean is_enumeration = !device && event->address == 0;

    /* Nobody answers at address 0 yet: most likely the device that is away. */
    if (is_enumeration)
        device = latest_absent(tracker, event->bus, 0);
    if (!device)
        return;
    note->device = &device->public;
    note->usb_error = error_class(event->status);
    note->usb_status = rs_usb_status_name(event->status);
    note->usb_transfer = transfer_name(event->transfer);
    note->usb_address = event->address;
    note->usb_planned = !is_enumeration && (!device->public.present ||
                                            device_leave_is_planned(device, observation->time_us));
    note->pending_us = has_submission ? observation->time_us - submission->time_us : -1;
    note->submitted_in = has_submission ? submission->frame : 0;
    /* Without a hub in the capture this is all that tells of a departure. */
    if (strcmp(note->usb_error, "gone") == 0 && device->public.present && !device->public.hub_port)
        mark_left(device, observation, observation->frame, note);
}

void
devices_observe(rs_tracker *tracker, const struct rs_observation *observation, struct rs_note *note)
{
    const struct rs_usb_event *event = observation->usb->event;
    struct pending_urb submission = { 0 };
    gboolean has_submission;

    if (event->is_submission) {
        observe_submission(tracker, observation);
        return;
    }
    has_submission = urb_table_completed(tracker->urbs, event, &submission);
    if (event->status != 0 && event->status != -115) {
        note_error(tracker, observation, has_submission, &submission, note);
        return;
    }
    if (has_submission && submission.has_setup)
        observe_control(tracker, observation, &submission.setup, note);
    else if (event->transfer == RS_USB_INTERRUPT && event->data_length > 0) {
        gpointer hub = address_key(event->bus, event->address);

        if (!g_hash_table_contains(tracker->hub_change, hub))
            g_hash_table_insert(tracker->hub_change, hub, GUINT_TO_POINTER(observation->frame));
    }
}

struct tracked_device *
devices_appear_unseen(rs_tracker *tracker, const struct rs_observation *observation)
{
    /* X(fact, mode it shows); the first fact of a frame decides. */
    static const struct {
        enum rs_fact_id fact;
        const char *mode;
    } shows[] = {
        { RS_FACT_IBOOT_COMMAND, "recovery" },    { RS_FACT_DFU_REQUEST, "dfu" },
        { RS_FACT_RESTORED_MSG_TYPE, "restore" }, { RS_FACT_RESTORED_REQUEST, "restore" },
        { RS_FACT_LOCKDOWN_REQUEST, "normal" },   { RS_FACT_ASR_COMMAND, "restore" },
    };
    const struct rs_usb_event *event = observation->usb->event;

    for (size_t i = 0; i < G_N_ELEMENTS(shows); i++) {
        struct tracked_device *device;

        if (!observation_fact(observation, shows[i].fact))
            continue;
        device = latest_absent(tracker, event->bus, 0);
        if (!device)
            device = new_device(tracker);
        place(tracker, device, event->bus, event->address, 0);
        device_set_mode(device, shows[i].mode);
        return device;
    }
    return NULL;
}
