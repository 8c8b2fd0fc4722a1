/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Packets are laid into memory of ours the way the kernel lays them into its ring. libpcap gives
 * the kernel's header of 64 bytes, or the one of 48 bytes of older interfaces, which is the same
 * without its last fields: pcap/usb.h, pcap_usb_header and pcap_usb_header_mmapped. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "capture/sources/usbmon_pcap.h"

#include "capture/record.h"
#include "capture/sources/usbmon_abi.h"

enum {
    BUFFER_BYTES = 4 << 20, /* for what is taken at once */
    PACKET_MAX = 1 << 20,   /* of the kernel's: a fifth of its ring */
    LIBPCAP_MIB = 64,
    OLD_HEADER = 48,
    HEADER = sizeof(struct rs_usbmon_header),
    PATH_PREFIX = sizeof "/dev/" - 1,
};

struct state {
    struct rs_usbmon_device device; /* first: closing frees both */
    rs_usbmon_pcap_open opener;
    pcap_t *pcap;
    bpf_u_int32 seen_drops;
    uint32_t header; /* bytes of libpcap's */
    uint32_t fill;
    uint8_t *bytes;
};

static pcap_t *
open_live(const char *name, char *ret_why)
{
    pcap_t *pcap = pcap_create(name, ret_why);
    int status;

    if (!pcap)
        return NULL;
    status = pcap_set_snaplen(pcap, RS_RECORD_DATA_MAX);
    if (status == 0)
        status = pcap_set_buffer_size(pcap, LIBPCAP_MIB << 20);
    if (status == 0)
        status = pcap_activate(pcap);
    if (status >= 0 && pcap_setnonblock(pcap, 1, ret_why) == 0)
        return pcap;
    if (status < 0)
        g_strlcpy(ret_why, pcap_statustostr(status), PCAP_ERRBUF_SIZE);
    pcap_close(pcap);
    return NULL;
}

static void
free_state(struct state *state)
{
    if (state->pcap)
        pcap_close(state->pcap);
    g_free(state->bytes);
    g_free(state);
}

/* The number it gives stands for the handle. */
static int
open_device(void *data, const char *path)
{
    struct state *state = (struct state *)data;
    char why[PCAP_ERRBUF_SIZE] = "";

    state->pcap = state->opener(path + PATH_PREFIX, why);
    if (state->pcap && pcap_datalink(state->pcap) == DLT_USB_LINUX)
        state->header = OLD_HEADER;
    else if (state->pcap && pcap_datalink(state->pcap) == DLT_USB_LINUX_MMAPPED)
        state->header = HEADER;
    if (state->header) {
        state->bytes = (uint8_t *)g_malloc(BUFFER_BYTES);
        return 0;
    }
    free_state(state);
    errno = ENOTSUP;
    return -1;
}

static void
take(u_char *user, const struct pcap_pkthdr *packet, const u_char *bytes)
{
    struct state *state = (struct state *)(void *)user;
    uint8_t *at = state->bytes + state->fill;
    struct rs_usbmon_header header = { 0 };
    uint32_t rest;

    if (packet->caplen < state->header || packet->caplen > PACKET_MAX)
        return;
    memcpy(&header, bytes, state->header);
    rest = packet->caplen - state->header;
    header.captured = MIN(header.captured, rest);
    memcpy(at, &header, HEADER);
    memcpy(at + HEADER, bytes + state->header, rest);
    state->fill += HEADER + rest;
}

static int
fetch(struct state *state, struct rs_usbmon_fetch *fetch)
{
    const uint32_t max = fetch->n_fetch;
    int status = 1;

    state->fill = 0;
    fetch->n_fetch = 0;
    while (fetch->n_fetch < max && state->fill + HEADER + PACKET_MAX <= BUFFER_BYTES) {
        const uint32_t at = state->fill;

        status = pcap_dispatch(state->pcap, 1, take, (u_char *)state);
        if (status <= 0)
            break;
        if (state->fill > at)
            fetch->offsets[fetch->n_fetch++] = at;
    }
    if (status >= 0 || fetch->n_fetch > 0)
        return 0;
    errno = ENODEV;
    return -1;
}

static int
ask_drops(struct state *state, struct rs_usbmon_stats *ret_stats)
{
    struct pcap_stat is;

    if (pcap_stats(state->pcap, &is) != 0)
        return -1;
    ret_stats->queued = 0;
    ret_stats->dropped = is.ps_drop - state->seen_drops;
    state->seen_drops = is.ps_drop;
    return 0;
}

static int
control(void *data, int fd, unsigned long request, void *argument)
{
    struct state *state = (struct state *)data;

    (void)fd;
    switch (request) {
    case RS_USBMON_SET_RING:
        return 0;
    case RS_USBMON_GET_RING:
        return BUFFER_BYTES;
    case RS_USBMON_FETCH:
        return fetch(state, (struct rs_usbmon_fetch *)argument);
    default:
        return ask_drops(state, (struct rs_usbmon_stats *)argument);
    }
}

static void *
map(void *data, int fd, size_t bytes)
{
    (void)fd;
    (void)bytes;
    return ((struct state *)data)->bytes;
}

static void
unmap(void *data, void *ring, size_t bytes)
{
    (void)data;
    (void)ring;
    (void)bytes;
}

static int
wait_for(void *data, int fd, int timeout_ms)
{
    struct pollfd wanted = { .fd = pcap_get_selectable_fd(((struct state *)data)->pcap),
                             .events = POLLIN };

    (void)fd;
    return poll(&wanted, 1, timeout_ms);
}

static void
close_device(void *data, int fd)
{
    (void)fd;
    free_state((struct state *)data);
}

const struct rs_usbmon_device *
rs_usbmon_pcap_device_with(rs_usbmon_pcap_open opener)
{
    struct state *state = g_new0(struct state, 1);

    state->opener = opener;
    state->device = (struct rs_usbmon_device){ .data = state,
                                               .open = open_device,
                                               .ioctl = control,
                                               .map = map,
                                               .unmap = unmap,
                                               .wait = wait_for,
                                               .close = close_device };
    return &state->device;
}

const struct rs_usbmon_device *
rs_usbmon_pcap_device(void)
{
    return rs_usbmon_pcap_device_with(open_live);
}
