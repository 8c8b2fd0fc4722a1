/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * blast INTERFACE BYTES RATE COUNT: sends that many Ethernet frames, numbered, at that many a
 * second, to an address nobody has. Prints how many were sent, and the rate that came of it. */
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BURST = 16, FRAME_MAX = 65000, NUMBER_AT = 14 };

static double
now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int
open_interface(const char *name)
{
    const struct sockaddr_ll to = { .sll_family = AF_PACKET,
                                    .sll_ifindex = (int)if_nametoindex(name) };
    const int fd = socket(AF_PACKET, SOCK_RAW, 0), yes = 1;

    if (fd < 0 || bind(fd, (const struct sockaddr *)(const void *)&to, sizeof to) != 0) {
        perror(name);
        exit(1);
    }
    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes);
    return fd;
}

static uint64_t
send_all(int fd, size_t bytes, double rate, uint64_t count)
{
    static uint8_t frames[BURST][FRAME_MAX];
    struct mmsghdr messages[BURST] = { 0 };
    struct iovec parts[BURST];
    const double start = now_s();
    uint64_t sent = 0;

    for (size_t i = 0; i < BURST; i++) {
        memcpy(frames[i], "\x02\0\0\0\0\x99\x02\0\0\0\0\x01\x88\xb5", NUMBER_AT);
        parts[i] = (struct iovec){ frames[i], bytes };
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    while (sent < count) {
        const unsigned n = count - sent < BURST ? (unsigned)(count - sent) : BURST;
        int done;

        while (now_s() < start + (double)sent / rate)
            continue;
        for (unsigned i = 0; i < n; i++) {
            const uint64_t number = sent + i;

            memcpy(frames[i] + NUMBER_AT, &number, sizeof number);
        }
        done = sendmmsg(fd, messages, n, 0);
        if (done > 0)
            sent += (uint64_t)done;
    }
    printf("%llu %.0f\n", (unsigned long long)sent, (double)sent / (now_s() - start));
    return sent;
}

int
main(int argc, char **argv)
{
    if (argc != 5 || strtoul(argv[2], NULL, 10) > FRAME_MAX || strtoul(argv[2], NULL, 10) < 60) {
        fprintf(stderr, "usage: blast INTERFACE BYTES RATE COUNT\n");
        return 2;
    }
    send_all(open_interface(argv[1]), strtoul(argv[2], NULL, 10), strtod(argv[3], NULL),
             strtoull(argv[4], NULL, 10));
    return 0;
}
