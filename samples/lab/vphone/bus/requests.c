/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Standard requests of USB 2.0, chapter 9.4, from the descriptors of the present mode. What a
 * high-speed-only device does not have (device qualifier, BOS) is refused with a stall. */
#include <errno.h>
#include <string.h>

#include "samples/lab/vphone/bus/state.h"

enum {
    GET_STATUS = 0,
    CLEAR_FEATURE = 1,
    SET_FEATURE = 3,
    SET_ADDRESS = 5,
    GET_DESCRIPTOR = 6,
    GET_CONFIGURATION = 8,
    SET_CONFIGURATION = 9,
    GET_INTERFACE = 10,
    SET_INTERFACE = 11
};

enum { DEVICE = 1, CONFIGURATION = 2, STRING = 3, DEVICE_LENGTH = 18, STRING_MAX = 126 };

/* The modes' product ids; the model's own for normal and restore mode. */
static uint16_t
product_id(const lab_phone_t *phone)
{
    static const uint16_t ids[] = {
#define X(id, name, pid) pid,
        LAB_MODES(X)
#undef X
    };

    if (phone->mode == LAB_MODE_NORMAL || phone->mode == LAB_MODE_RESTORE)
        return phone->id.model->product_id;
    return ids[phone->mode];
}

/* It came back as something else than it should: the descriptor that shows it. */
static void
mark_wrong_mode(lab_phone_t *phone)
{
    g_autofree char *filter = NULL;

    if (!phone->wrong_mode.set)
        return;
    filter =
        g_strdup_printf("usb.bus_id == %u && usb.urb_type == 67 && usb.bDescriptorType == 1 && "
                        "usb.idVendor == 0x05ac && usb.idProduct == 0x%04x",
                        phone->bus, product_id(phone));
    lab_phone_mark(phone, &phone->wrong_mode.act, "it shows the mode it came back in", filter, 0.05,
                   10);
    phone->wrong_mode.set = false;
}

static void
device_descriptor(lab_phone_t *phone, lab_urb_t *urb)
{
    uint8_t descriptor[DEVICE_LENGTH];
    uint16_t pid = product_id(phone);

    if (lab_setup_u16(urb->setup + 6) >= DEVICE_LENGTH)
        mark_wrong_mode(phone);
    memcpy(descriptor, phone->ops->descriptors->device, sizeof(descriptor));
    descriptor[10] = (uint8_t)pid;
    descriptor[11] = (uint8_t)(pid >> 8);
    lab_phone_complete(phone, urb, 0, descriptor, sizeof(descriptor));
}

static void
configuration_descriptor(lab_phone_t *phone, lab_urb_t *urb, unsigned index)
{
    const uint8_t *const *at = phone->ops->descriptors->configurations;

    while (*at && index > 0) {
        at++;
        index--;
    }
    if (*at)
        lab_phone_complete(phone, urb, 0, *at, lab_setup_u16(*at + 2));
    else
        lab_phone_complete(phone, urb, -EPIPE, NULL, 0);
}

/* UTF-16 behind length and type; number 0 is the list of languages. */
static void
string_descriptor(lab_phone_t *phone, lab_urb_t *urb, unsigned index)
{
    g_autofree char *text = index > 0 ? phone->ops->string(phone->self, index) : NULL;
    uint8_t descriptor[2 + 2 * STRING_MAX] = { 0, STRING, 0x09, 0x04 };
    g_autofree gunichar2 *units = NULL;
    glong n = 1;

    if (index > 0) {
        units = text ? g_utf8_to_utf16(text, -1, NULL, &n, NULL) : NULL;
        if (!units) {
            lab_phone_complete(phone, urb, -EPIPE, NULL, 0);
            return;
        }
        n = MIN(n, STRING_MAX);
        for (glong i = 0; i < n; i++) {
            descriptor[2 + 2 * i] = (uint8_t)units[i];
            descriptor[3 + 2 * i] = (uint8_t)(units[i] >> 8);
        }
    }
    descriptor[0] = (uint8_t)(2 + 2 * n);
    lab_phone_complete(phone, urb, 0, descriptor, descriptor[0]);
}

/* After a reset of the port the kernel asks for the first 8 or 64 bytes of the device descriptor.
 * Programs that merely want to know (libpcap at the start of a capture) ask for 18. */
static bool
is_after_reset(const lab_phone_t *phone, const lab_urb_t *urb)
{
    uint16_t length = lab_setup_u16(urb->setup + 6);

    return phone->is_enumerated && urb->setup[3] == DEVICE && (length == 8 || length == 64);
}

static void
was_reset(lab_phone_t *phone)
{
    lab_phone_log(phone, "bus reset");
    phone->is_enumerated = false;
    phone->configuration = 0;
    memset(phone->alternate, 0, sizeof(phone->alternate));
    if (phone->ops->reset)
        phone->ops->reset(phone->self);
}

/* True when a fault answers in the phone's place. */
static bool
enumeration_fails(lab_phone_t *phone, lab_urb_t *urb)
{
    lab_later_t *fail = &phone->enum_fail;
    g_autofree char *filter = NULL;
    int status = (int)fail->value;

    if (!fail->set || fail->left == 0)
        return false;
    if (fail->left > 0)
        fail->left--;
    if (!fail->told) {
        filter = g_strdup_printf("@device && usb.urb_type == 67 && usb.urb_status == %d", status);
        lab_phone_mark(phone, &fail->act, "a request for a descriptor fails", filter, 0, 5);
        fail->told = true;
    }
    lab_phone_complete(phone, urb, status, NULL, 0);
    return true;
}

static void
get_descriptor(lab_phone_t *phone, lab_urb_t *urb)
{
    lab_act_t act;

    if (is_after_reset(phone, urb))
        was_reset(phone);
    if (!lab_phone_is_on_bus(phone) || enumeration_fails(phone, urb))
        return;
    if (urb->setup[3] == DEVICE) {
        lab_action_t todo =
            lab_phone_step(phone, LAB_STEP_ENUMERATE, lab_mode_name(phone->mode), urb, &act);

        if (todo == LAB_DO_ERROR_HERE || todo == LAB_DO_HANG)
            return;
        device_descriptor(phone, urb);
    } else if (urb->setup[3] == CONFIGURATION) {
        configuration_descriptor(phone, urb, urb->setup[2]);
    } else if (urb->setup[3] == STRING) {
        string_descriptor(phone, urb, urb->setup[2]);
    } else {
        lab_phone_complete(phone, urb, -EPIPE, NULL, 0);
    }
}

static bool
has_configuration(const lab_phone_t *phone, uint8_t value)
{
    for (const uint8_t *const *at = phone->ops->descriptors->configurations; *at; at++)
        if ((*at)[5] == value)
            return true;
    return value == 0;
}

static void
set_configuration(lab_phone_t *phone, lab_urb_t *urb)
{
    if (!has_configuration(phone, urb->setup[2])) {
        lab_phone_complete(phone, urb, -EPIPE, NULL, 0);
        return;
    }
    phone->configuration = urb->setup[2];
    memset(phone->alternate, 0, sizeof(phone->alternate));
    phone->is_enumerated = true;
    lab_phone_learn_address(phone);
    lab_phone_complete(phone, urb, 0, NULL, 0);
}

static void
reply_byte(lab_phone_t *phone, lab_urb_t *urb, uint8_t value)
{
    lab_phone_complete(phone, urb, 0, &value, 1);
}

void
lab_standard_request(lab_phone_t *phone, lab_urb_t *urb)
{
    static const uint8_t self_powered[2] = { 1, 0 };
    uint8_t interface = urb->setup[4] % LAB_INTERFACES;

    switch (urb->setup[1]) {
    case GET_STATUS:
        lab_phone_complete(phone, urb, 0, self_powered, sizeof(self_powered));
        break;
    case GET_DESCRIPTOR:
        get_descriptor(phone, urb);
        break;
    case SET_CONFIGURATION:
        set_configuration(phone, urb);
        break;
    case GET_CONFIGURATION:
        reply_byte(phone, urb, phone->configuration);
        break;
    case SET_INTERFACE:
        phone->alternate[interface] = urb->setup[2];
        lab_phone_complete(phone, urb, 0, NULL, 0);
        break;
    case GET_INTERFACE:
        reply_byte(phone, urb, phone->alternate[interface]);
        break;
    case SET_ADDRESS:
    case CLEAR_FEATURE:
    case SET_FEATURE:
        lab_phone_complete(phone, urb, 0, NULL, 0);
        break;
    default:
        lab_phone_complete(phone, urb, -EPIPE, NULL, 0);
    }
}
