/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * "descriptors" is the device descriptor of 18 bytes and then each configuration with all that
 * belongs to it: the kernel's Documentation/ABI/stable/sysfs-bus-usb. Requests: USB 2.0, 9.4.3. */
#include <glib.h>
#include <string.h>

#include "capture/sources/descriptors.h"

#include "capture/sources/usbmon_abi.h"

enum {
    DEVICE = 1,
    CONFIGURATION = 2,
    DEVICE_LENGTH = 18,
    CONFIGURATION_LENGTH = 9,
    CONTROL = 2,
    GET_DESCRIPTOR = 6,
    IN = 0x80,
    IN_PROGRESS = -115,
};

struct teller {
    unsigned bus, device;
    uint64_t now_ns, id;
    rs_descriptors_func func;
    void *data;
};

static void
tell_one(struct teller *teller, uint8_t type, uint8_t index, const uint8_t *bytes, uint16_t length)
{
    uint8_t packet[sizeof(struct rs_usbmon_header) + RS_DESCRIPTORS_MAX];
    struct rs_usbmon_header header = {
        .id = ++teller->id,
        .type = 'S',
        .transfer = CONTROL,
        .endpoint = IN,
        .device = (uint8_t)teller->device,
        .bus = (uint16_t)teller->bus,
        .data_flag = '<',
        .seconds = (int64_t)(teller->now_ns / 1000000000U),
        .microseconds = (int32_t)(teller->now_ns % 1000000000U / 1000U),
        .status = IN_PROGRESS,
        .length = length,
        .setup = { IN, GET_DESCRIPTOR, index, type, 0, 0, (uint8_t)length, (uint8_t)(length >> 8) },
    };

    memcpy(packet, &header, sizeof header);
    teller->func(teller->data, packet, sizeof header, sizeof header);
    header.type = 'C';
    header.setup_flag = '-';
    header.data_flag = 0;
    header.status = 0;
    header.captured = length;
    memset(header.setup, 0, sizeof header.setup);
    memcpy(packet, &header, sizeof header);
    memcpy(packet + sizeof header, bytes, length);
    teller->func(teller->data, packet, (uint32_t)sizeof header + length,
                 (uint32_t)sizeof header + length);
}

void
rs_descriptors_of(unsigned bus, unsigned device, const uint8_t *bytes, size_t length,
                  uint64_t now_ns, rs_descriptors_func func, void *data)
{
    /* Ids of the kernel's are addresses, far above these. */
    struct teller teller = { bus, device, now_ns, (uint64_t)bus << 16 | device << 8, func, data };
    size_t at = DEVICE_LENGTH;
    uint8_t index = 0;

    if (length < DEVICE_LENGTH || bytes[0] != DEVICE_LENGTH || bytes[1] != DEVICE)
        return;
    tell_one(&teller, DEVICE, 0, bytes, DEVICE_LENGTH);
    while (length - at >= CONFIGURATION_LENGTH && bytes[at + 1] == CONFIGURATION) {
        const uint16_t total = (uint16_t)((unsigned)bytes[at + 3] << 8 | bytes[at + 2]);

        if (total < CONFIGURATION_LENGTH || total > length - at || total > RS_DESCRIPTORS_MAX)
            return;
        tell_one(&teller, CONFIGURATION, index++, bytes + at, total);
        at += total;
    }
}

/* A number in a file of sysfs; -1 when there is none. */
static int
number_of(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return -1;
    return (int)g_ascii_strtoll(text, NULL, 10);
}

static void
tell_device(const char *folder, unsigned bus, uint64_t now_ns, rs_descriptors_func func, void *data)
{
    g_autofree char *path = g_build_filename(folder, "descriptors", NULL), *bytes = NULL;
    const int device = number_of(folder, "devnum");
    gsize length = 0;

    if (device <= 0 || device > 127 || number_of(folder, "busnum") != (int)bus ||
        !g_file_get_contents(path, &bytes, &length, NULL))
        return;
    rs_descriptors_of(bus, (unsigned)device, (const uint8_t *)bytes, length, now_ns, func, data);
}

void
rs_descriptors_tell(const char *root, unsigned bus, uint64_t now_ns, rs_descriptors_func func,
                    void *data)
{
    g_autofree char *path = g_build_filename(root, "bus/usb/devices", NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;

    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *device = g_build_filename(path, name, NULL);

        if (!strchr(name, ':')) /* those are interfaces */
            tell_device(device, bus, now_ns, func, data);
    }
}
