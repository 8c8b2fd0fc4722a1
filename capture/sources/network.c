/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kernel's Documentation/networking/packet_mmap.rst. Link layers that are not Ethernet's are
 * taken without their header, behind one of 20 bytes that says what came: LINKTYPE_LINUX_SLL2 of
 * tcpdump.org. A VLAN tag that the kernel took out is put back. */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <net/if.h> /* before the kernel's headers, which then leave out the same */
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <pcap/dlt.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/sources/network.h"

#include "capture/error.h"
#include "capture/privileges.h"
#include "capture/sources/filter.h"

enum {
    /* The kernel hands a block over after RETIRE_MS, full or not: many small ones last longer than
     * few large ones while we are held up. The largest packet must fit. */
    BLOCK_BYTES = 256 << 10,
    BLOCKS_OF_MIB = (1 << 20) / BLOCK_BYTES,
    FRAME_BYTES = 2048, /* means nothing to TPACKET_V3, but must be there */
    RETIRE_MS = 50,     /* when a block that is not full is handed over */
    LINKTYPE_ETHERNET = 1,
    LINKTYPE_LINUX_SLL2 = 276,
    SLL2_HEADER = 20,
    VLAN_AT = 12,
    VLAN_TAG = 4,
    /* Behind a packet's header stands who sent it: TPACKET_ALIGN. */
    SENDER_AT = (sizeof(struct tpacket3_hdr) + TPACKET_ALIGNMENT - 1) / TPACKET_ALIGNMENT *
                TPACKET_ALIGNMENT,
};

typedef struct {
    rs_source source;
    char *name, *description, *filter;
    int fd, index;
    bool is_cooked;
    uint8_t *ring;
    size_t ring_bytes;
    unsigned n_blocks, block; /* block: the one we are at */
    const uint8_t *frame;     /* the packet we are at, when left > 0 */
    unsigned left;            /* packets of the block */
    pthread_mutex_t lock;     /* of the counts, which the status line asks for too */
    struct rs_counts counts;
    bool is_stopped;
} network_t;

static struct tpacket_block_desc *
block_of(const network_t *network)
{
    return (struct tpacket_block_desc *)(void *)(network->ring +
                                                 (size_t)network->block * BLOCK_BYTES);
}

static void
release_block(network_t *network)
{
    __atomic_store_n(&block_of(network)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    network->block = (network->block + 1) % network->n_blocks;
}

/* Goes to the next block that has packets; false when the kernel has given none. */
static bool
take_block(network_t *network)
{
    for (;;) {
        const struct tpacket_hdr_v1 *head = &block_of(network)->hdr.bh1;

        if (!(__atomic_load_n(&head->block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
            return false;
        if (head->num_pkts > 0) {
            network->left = head->num_pkts;
            network->frame = (const uint8_t *)block_of(network) + head->offset_to_first_pkt;
            return true;
        }
        release_block(network);
    }
}

/* The two bytes of the first address, and the tag behind both. */
static void
put_vlan_back(struct rs_record *record, const struct tpacket3_hdr *frame)
{
    const uint16_t type =
        frame->tp_status & TP_STATUS_VLAN_TPID_VALID ? frame->hv1.tp_vlan_tpid : ETH_P_8021Q;
    const uint16_t tag[2] = { htons(type), htons((uint16_t)frame->hv1.tp_vlan_tci) };

    if (record->captured < VLAN_AT)
        return;
    memcpy(record->head, record->data, VLAN_AT);
    memcpy(record->head + VLAN_AT, tag, sizeof tag);
    record->head_length = VLAN_AT + VLAN_TAG;
    record->data += VLAN_AT;
    record->captured += VLAN_TAG;
    record->original += VLAN_TAG;
}

/* LINKTYPE_LINUX_SLL2: protocol, 2 of nothing, interface, hardware type, packet type, address. */
static void
put_cooked(struct rs_record *record, const struct sockaddr_ll *from)
{
    const uint32_t index = htonl((uint32_t)from->sll_ifindex);
    const uint16_t type = htons(from->sll_hatype);

    memset(record->head, 0, SLL2_HEADER);
    memcpy(record->head, &from->sll_protocol, 2);
    memcpy(record->head + 4, &index, 4);
    memcpy(record->head + 8, &type, 2);
    record->head[10] = from->sll_pkttype;
    record->head[11] = MIN(from->sll_halen, (uint8_t)8);
    memcpy(record->head + 12, from->sll_addr, 8);
    record->head_length = SLL2_HEADER;
    record->captured += SLL2_HEADER;
    record->original += SLL2_HEADER;
}

static gboolean
peek(rs_source *source, struct rs_record *ret_record)
{
    network_t *network = (network_t *)source;
    const struct tpacket3_hdr *frame;

    if (network->left == 0 && !take_block(network))
        return FALSE;
    frame = (const struct tpacket3_hdr *)(const void *)network->frame;
    __builtin_prefetch(network->frame + frame->tp_next_offset);
    ret_record->time_ns = (uint64_t)frame->tp_sec * 1000000000U + frame->tp_nsec;
    ret_record->data = network->frame + frame->tp_mac;
    ret_record->captured = frame->tp_snaplen;
    ret_record->original = frame->tp_len;
    ret_record->head_length = 0;
    ret_record->comment = NULL;
    ret_record->kind = RS_RECORD_PACKET;
    if (network->is_cooked)
        put_cooked(ret_record,
                   (const struct sockaddr_ll *)(const void *)(network->frame + SENDER_AT));
    else if (frame->tp_status & TP_STATUS_VLAN_VALID)
        put_vlan_back(ret_record, frame);
    return TRUE;
}

static void
consume(rs_source *source)
{
    network_t *network = (network_t *)source;

    network->frame += ((const struct tpacket3_hdr *)(const void *)network->frame)->tp_next_offset;
    if (--network->left == 0)
        release_block(network);
}

/* An interface that went down leaves an error, and poll() returns until it has been read. */
static void
look_for_trouble(network_t *network)
{
    int error = 0;
    socklen_t length = sizeof error;
    char name[IF_NAMESIZE];

    if (getsockopt(network->fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error &&
        !if_indextoname((unsigned)network->index, name))
        g_atomic_int_set(&network->source.is_gone, 1);
}

/* The kernel's counters start anew each time they are read; "packets" has those it dropped too. */
static void
count(rs_source *source, struct rs_counts *ret_counts)
{
    network_t *network = (network_t *)source;
    struct tpacket_stats_v3 is;
    socklen_t length = sizeof is;

    pthread_mutex_lock(&network->lock);
    if (getsockopt(network->fd, SOL_PACKET, PACKET_STATISTICS, &is, &length) == 0) {
        network->counts.received += is.tp_packets;
        network->counts.dropped += is.tp_drops;
    }
    *ret_counts = network->counts;
    look_for_trouble(network);
    pthread_mutex_unlock(&network->lock);
}

/* The block a quarter of the ring ahead being ours means that as much is waiting. */
static gboolean
is_pressed(rs_source *source)
{
    const network_t *network = (const network_t *)source;
    const unsigned ahead = (network->block + network->n_blocks / 4) % network->n_blocks;
    const struct tpacket_block_desc *block =
        (const struct tpacket_block_desc *)(const void *)(network->ring +
                                                          (size_t)ahead * BLOCK_BYTES);

    return (__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) != 0;
}

static gboolean
is_live(rs_source *source)
{
    return !((network_t *)source)->is_stopped && !g_atomic_int_get(&source->is_gone);
}

/* No filter lets nothing pass: what has been taken can still be read. */
static void
stop(rs_source *source)
{
    network_t *network = (network_t *)source;
    struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
    const struct sock_fprog program = { 1, &nothing };

    if (!network->is_stopped)
        setsockopt(network->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
    network->is_stopped = true;
}

static void
free_network(rs_source *source)
{
    network_t *network = (network_t *)source;

    if (network->ring)
        munmap(network->ring, network->ring_bytes);
    if (network->fd >= 0)
        close(network->fd);
    pthread_mutex_destroy(&network->lock);
    g_free(network->name);
    g_free(network->description);
    g_free(network->filter);
    g_free(network);
}

static const struct rs_source_ops ops = {
    .peek = peek,
    .consume = consume,
    .count = count,
    .is_pressed = is_pressed,
    .is_live = is_live,
    .stop = stop,
    .free = free_network,
};

static gboolean
fail(const network_t *network, const char *what, GError **error)
{
    const int cause = errno;
    g_autofree char *advice = cause == EPERM || cause == EACCES ? rs_privileges_advice() : NULL;

    g_set_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_SOURCE, "cannot %s '%s': %s%s", what,
                network->name, g_strerror(cause), advice ? advice : "");
    return FALSE;
}

static gboolean
open_socket(network_t *network, GError **error)
{
    struct ifreq request = { 0 };

    network->index = (int)if_nametoindex(network->name);
    if (network->index == 0)
        return fail(network, "find the interface", error);
    network->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (network->fd < 0)
        return fail(network, "open", error);
    g_strlcpy(request.ifr_name, network->name, sizeof request.ifr_name);
    if (ioctl(network->fd, SIOCGIFHWADDR, &request) < 0)
        return fail(network, "ask for the type of", error);
    network->is_cooked = request.ifr_hwaddr.sa_family != ARPHRD_ETHER &&
                         request.ifr_hwaddr.sa_family != ARPHRD_LOOPBACK;
    if (!network->is_cooked)
        return TRUE;
    close(network->fd);
    network->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return network->fd >= 0 || fail(network, "open", error);
}

static gboolean
set_filter(network_t *network, uint32_t snap_length, GError **error)
{
    /* Each packet on loopback is seen going out and coming in. */
    const gboolean is_loopback = g_str_equal(network->name, "lo");
    g_autofree struct sock_filter *code = NULL;
    struct sock_fprog program = { 0 };
    unsigned n;

    code =
        rs_filter_compile(network->filter, network->name, network->is_cooked ? DLT_RAW : DLT_EN10MB,
                          snap_length, is_loopback, &n, error);
    if (!code)
        return FALSE;
    program.len = (unsigned short)n;
    program.filter = code;
    return setsockopt(network->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 ||
           fail(network, "set the filter of", error);
}

/* The largest ring there is memory for, down to a block. */
static gboolean
make_ring(network_t *network, unsigned mib, GError **error)
{
    const int version = TPACKET_V3;
    struct tpacket_req3 request = { .tp_block_size = BLOCK_BYTES,
                                    .tp_frame_size = FRAME_BYTES,
                                    .tp_retire_blk_tov = RETIRE_MS };

    if (setsockopt(network->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0)
        return fail(network, "read blocks from", error);
    for (; mib > 0; mib /= 2) {
        request.tp_block_nr = mib * BLOCKS_OF_MIB;
        request.tp_frame_nr = request.tp_block_nr * (BLOCK_BYTES / FRAME_BYTES);
        if (setsockopt(network->fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) == 0)
            break;
    }
    if (mib == 0)
        return fail(network, "have memory for", error);
    network->n_blocks = mib * BLOCKS_OF_MIB;
    network->ring_bytes = (size_t)network->n_blocks * BLOCK_BYTES;
    network->ring = (uint8_t *)mmap(NULL, network->ring_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
                                    network->fd, 0);
    if (network->ring != MAP_FAILED)
        return TRUE;
    network->ring = NULL;
    return fail(network, "map the ring of", error);
}

static gboolean
go(network_t *network, GError **error)
{
    const struct sockaddr_ll to = { .sll_family = AF_PACKET,
                                    .sll_protocol = htons(ETH_P_ALL),
                                    .sll_ifindex = network->index };

    return bind(network->fd, (const struct sockaddr *)(const void *)&to, sizeof to) == 0 ||
           fail(network, "listen on", error);
}

rs_source *
rs_network_new(const struct rs_network_options *options, GError **error)
{
    const uint32_t snap =
        options->snap_length ? options->snap_length : (uint32_t)RS_RECORD_DATA_MAX;
    network_t *network = g_new0(network_t, 1);

    pthread_mutex_init(&network->lock, NULL);
    network->source.ops = &ops;
    network->name = g_strdup(options->name);
    network->filter = g_strdup(options->filter);
    network->fd = -1;
    if (!open_socket(network, error) || !set_filter(network, snap, error) ||
        !make_ring(network, MAX(options->ring_mib, 1U), error) || !go(network, error)) {
        free_network(&network->source);
        return NULL;
    }
    network->description =
        g_strdup(network->is_cooked ? "network interface, packets without their link layer"
                                    : "network interface");
    network->source.poll_fd = network->fd;
    network->source.interface = (struct rs_interface){
        .name = network->name,
        .description = network->description,
        .filter = network->filter,
        .snap_length = snap + (network->is_cooked ? SLL2_HEADER : 0),
        .link_type = network->is_cooked ? LINKTYPE_LINUX_SLL2 : LINKTYPE_ETHERNET,
    };
    return &network->source;
}
