/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * barecap INTERFACE SNAP MIB FILE: the least a recorder can do, as the limit of what one can reach:
 * blocks of packet(7), TPACKET_V3, to pcapng by O_DIRECT in one thread, until SIGINT. It keeps no
 * statistics, no limits and no order, and counts on everything going well. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, BUFFER = 4 << 20, PAGE = 4096 };

static volatile sig_atomic_t is_ending;
static uint8_t *buffer;
static size_t fill;
static int out;

static void
end(int signal)
{
    (void)signal;
    is_ending = 1;
}

static void
need(int good, const char *what)
{
    if (good)
        return;
    perror(what);
    exit(1);
}

static void
flush_pages(void)
{
    const size_t pages = fill - fill % PAGE;

    need(write(out, buffer, pages) == (ssize_t)pages, "write");
    memcpy(buffer, buffer + pages, fill - pages);
    fill -= pages;
}

static void
put_words(const uint32_t *words, size_t n)
{
    memcpy(buffer + fill, words, n * sizeof *words);
    fill += n * sizeof *words;
}

static void
put_packet(const struct tpacket3_hdr *frame)
{
    const uint64_t time_ns = (uint64_t)frame->tp_sec * 1000000000U + frame->tp_nsec;
    const uint32_t padded = (frame->tp_snaplen + 3) & ~3U, total = 32 + padded;
    const uint32_t head[] = {
        6, total, 0, (uint32_t)(time_ns >> 32), (uint32_t)time_ns, frame->tp_snaplen, frame->tp_len
    };

    if (fill + total > BUFFER)
        flush_pages();
    put_words(head, 7);
    memcpy(buffer + fill, (const uint8_t *)frame + frame->tp_mac, frame->tp_snaplen);
    fill += padded;
    put_words(&total, 1);
}

static uint8_t *
open_ring(const char *name, uint32_t snap, unsigned mib, int *ret_fd)
{
    struct sock_filter take = BPF_STMT(BPF_RET | BPF_K, snap);
    const struct sock_fprog program = { 1, &take };
    const struct tpacket_req3 ring = { BLOCK, mib, 2048, mib * (BLOCK / 2048), 50, 0, 0 };
    const struct sockaddr_ll to = { .sll_family = AF_PACKET,
                                    .sll_protocol = htons(ETH_P_ALL),
                                    .sll_ifindex = (int)if_nametoindex(name) };
    const int fd = socket(AF_PACKET, SOCK_RAW, 0), version = TPACKET_V3;
    uint8_t *bytes;

    need(fd >= 0, "socket");
    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
    need(setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) == 0, "version");
    need(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof ring) == 0, "ring");
    bytes = (uint8_t *)mmap(NULL, (size_t)mib * BLOCK, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_POPULATE, fd, 0);
    need(bytes != MAP_FAILED, "mmap");
    need(bind(fd, (const struct sockaddr *)(const void *)&to, sizeof to) == 0, name);
    *ret_fd = fd;
    return bytes;
}

static void
record(uint8_t *ring, unsigned n_blocks, int fd)
{
    struct pollfd wanted = { .fd = fd, .events = POLLIN };

    for (unsigned at = 0; !is_ending; at = (at + 1) % n_blocks) {
        struct tpacket_block_desc *block =
            (struct tpacket_block_desc *)(void *)(ring + (size_t)at * BLOCK);
        const uint8_t *frame;

        while (
            !(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) {
            if (is_ending)
                return;
            poll(&wanted, 1, 100);
        }
        frame = (const uint8_t *)block + block->hdr.bh1.offset_to_first_pkt;
        for (uint32_t i = 0; i < block->hdr.bh1.num_pkts; i++) {
            put_packet((const struct tpacket3_hdr *)(const void *)frame);
            frame += ((const struct tpacket3_hdr *)(const void *)frame)->tp_next_offset;
        }
        __atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    }
}

int
main(int argc, char **argv)
{
    /* Section header, without a length; interface: Ethernet, nanoseconds. */
    static const uint32_t head[] = { 0x0A0D0D0A, 28,         0x1A2B3C4D, 1,  0xFFFFFFFF,
                                     0xFFFFFFFF, 28,         1,          32, 1,
                                     0,          0x00010009, 9,          0,  32 };
    unsigned mib;
    uint8_t *ring;
    int fd;

    if (argc != 5) {
        fprintf(stderr, "usage: barecap INTERFACE SNAP MIB FILE\n");
        return 2;
    }
    signal(SIGINT, end);
    buffer = (uint8_t *)aligned_alloc(PAGE, BUFFER);
    out = open(argv[4], O_WRONLY | O_CREAT | O_TRUNC | O_DIRECT, 0600);
    need(out >= 0, argv[4]);
    mib = (unsigned)strtoul(argv[3], NULL, 10);
    ring = open_ring(argv[1], (uint32_t)strtoul(argv[2], NULL, 10), mib, &fd);
    put_words(head, sizeof head / sizeof *head);
    record(ring, mib, fd);
    flush_pages();
    fcntl(out, F_SETFL, 0);
    need(write(out, buffer, fill) == (ssize_t)fill, "write");
    return 0;
}
