/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * struct bpf_insn of libpcap and struct sock_filter of the kernel are the same bytes: the kernel's
 * Documentation/networking/filter.rst. */
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <string.h>

#include "capture/sources/filter.h"

#include "capture/error.h"

enum { PREFIX = 3, LIVE_BYTES = 1 << 20 };

_Static_assert(sizeof(struct bpf_insn) == sizeof(struct sock_filter), "one instruction");

/* NULL when it cannot be opened, or is not what was meant. */
static pcap_t *
open_live(const char *interface, int dlt, uint32_t snap_length)
{
    char why[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_create(interface, why);

    if (!pcap)
        return NULL;
    if (pcap_set_snaplen(pcap, (int)snap_length) == 0 &&
        pcap_set_buffer_size(pcap, LIVE_BYTES) == 0 && pcap_activate(pcap) >= 0 &&
        pcap_datalink(pcap) == dlt)
        return pcap;
    pcap_close(pcap);
    return NULL;
}

static gboolean
compile(struct bpf_program *program, const char *filter, const char *interface, int dlt,
        uint32_t snap_length, GError **error)
{
    pcap_t *live =
        interface && strstr(filter, "vlan") ? open_live(interface, dlt, snap_length) : NULL;
    pcap_t *pcap = live ? live : pcap_open_dead(dlt, (int)snap_length);
    gboolean good = pcap && pcap_compile(pcap, program, filter, 1, PCAP_NETMASK_UNKNOWN) == 0;

    if (!good)
        g_set_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_USAGE, "wrong filter '%s': %s", filter,
                    pcap ? pcap_geterr(pcap) : "out of memory");
    if (pcap)
        pcap_close(pcap);
    return good;
}

struct sock_filter *
rs_filter_compile(const char *filter, const char *interface, int dlt, uint32_t snap_length,
                  gboolean skip_outgoing, unsigned *ret_n, GError **error)
{
    const struct sock_filter prefix[PREFIX] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    const unsigned before = skip_outgoing ? PREFIX : 0;
    struct bpf_program program = { 0 };
    struct sock_filter *code;

    if (!compile(&program, filter ? filter : "", interface, dlt, snap_length, error))
        return NULL;
    *ret_n = before + program.bf_len;
    code = g_new0(struct sock_filter, *ret_n);
    memcpy(code, prefix, before * sizeof *code);
    memcpy(code + before, program.bf_insns, program.bf_len * sizeof *code);
    pcap_freecode(&program);
    return code;
}
