/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inject INTERFACE BYTES RATE COUNT: has that many Ethernet frames received by an interface, at
 * that many a second, as blast does by sending them to its other end, but faster: the kernel makes
 * them from a frame and an XDP program that lets all pass (Documentation/bpf/bpf_prog_run.rst,
 * "live frames") when their time has come. Prints how many there were, and the rate that came of
 * it. A frame fits one page. */
#include <linux/bpf.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, FRAME_MAX = 3500, LOOKS_MAX = 4096 };

/* What the program and we share: when the next frame is due, how long after it the one behind, and
 * when the last was let pass; CLOCK_MONOTONIC. */
struct pace {
    uint64_t due_ns, gap_ns, last_ns;
};

static uint64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static int
bpf(enum bpf_cmd command, union bpf_attr *attr)
{
    const int result = (int)syscall(SYS_bpf, command, attr, sizeof *attr);

    if (result < 0) {
        perror("inject: bpf");
        exit(1);
    }
    return result;
}

static int
make_pace(void)
{
    union bpf_attr attr = { 0 };

    attr.map_type = BPF_MAP_TYPE_ARRAY;
    attr.key_size = sizeof(uint32_t);
    attr.value_size = sizeof(struct pace);
    attr.max_entries = 1;
    return bpf(BPF_MAP_CREATE, &attr);
}

static void
pace_access(enum bpf_cmd command, int map, struct pace *pace)
{
    const uint32_t key = 0;
    union bpf_attr attr = { 0 };

    attr.map_fd = (uint32_t)map;
    attr.key = (uintptr_t)&key;
    attr.value = (uintptr_t)pace;
    bpf(command, &attr);
}

#define PACE(member) ((int16_t)offsetof(struct pace, member))

/* A program that lets each frame pass when it is due, or after LOOKS_MAX looks at the clock: a
 * program's loops must have an end. r6 is the pace, r7 when it is due, r8 the looks. */
static int
load_program(int map)
{
    const struct bpf_insn program[] = {
        { BPF_LD | BPF_DW | BPF_IMM, BPF_REG_6, BPF_PSEUDO_MAP_VALUE, 0, map },
        { 0 },
        { BPF_LDX | BPF_MEM | BPF_DW, BPF_REG_7, BPF_REG_6, PACE(due_ns), 0 },
        { BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_8, 0, 0, 0 },
        { BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_ktime_get_ns },
        { BPF_JMP | BPF_JGE | BPF_X, BPF_REG_0, BPF_REG_7, 2, 0 },
        { BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_8, 0, 0, 1 },
        { BPF_JMP | BPF_JLT | BPF_K, BPF_REG_8, 0, -4, LOOKS_MAX },
        { BPF_STX | BPF_MEM | BPF_DW, BPF_REG_6, BPF_REG_0, PACE(last_ns), 0 },
        { BPF_LDX | BPF_MEM | BPF_DW, BPF_REG_1, BPF_REG_6, PACE(gap_ns), 0 },
        { BPF_ALU64 | BPF_ADD | BPF_X, BPF_REG_7, BPF_REG_1, 0, 0 },
        { BPF_STX | BPF_MEM | BPF_DW, BPF_REG_6, BPF_REG_7, PACE(due_ns), 0 },
        { BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, XDP_PASS },
        { BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
    };
    union bpf_attr attr = { 0 };

    attr.prog_type = BPF_PROG_TYPE_XDP;
    attr.insns = (uintptr_t)program;
    attr.insn_cnt = sizeof program / sizeof *program;
    attr.license = (uintptr_t) "GPL";
    return bpf(BPF_PROG_LOAD, &attr);
}

static void
inject_all(const char *interface, size_t bytes, double rate, uint32_t count)
{
    static uint8_t frame[FRAME_MAX] = "\x02\0\0\0\0\x99\x02\0\0\0\0\x01\x88\xb5";
    const int map = make_pace();
    struct xdp_md context = { .data_end = (uint32_t)bytes,
                              .ingress_ifindex = if_nametoindex(interface) };
    struct pace pace = { .due_ns = now_ns(), .gap_ns = (uint64_t)(1e9 / rate) };
    const uint64_t start_ns = pace.due_ns;
    union bpf_attr attr = { 0 };

    attr.test.prog_fd = (uint32_t)load_program(map);
    attr.test.repeat = count;
    attr.test.batch_size = BATCH;
    attr.test.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
    attr.test.data_in = (uintptr_t)frame;
    attr.test.data_size_in = (uint32_t)bytes;
    attr.test.ctx_in = (uintptr_t)&context;
    attr.test.ctx_size_in = sizeof context;
    pace_access(BPF_MAP_UPDATE_ELEM, map, &pace);
    bpf(BPF_PROG_TEST_RUN, &attr);
    pace_access(BPF_MAP_LOOKUP_ELEM, map, &pace);
    printf("%u %.0f\n", count, count / ((double)(pace.last_ns - start_ns) * 1e-9));
}

int
main(int argc, char **argv)
{
    if (argc != 5 || strtoul(argv[2], NULL, 10) > FRAME_MAX || strtoul(argv[2], NULL, 10) < 60) {
        fprintf(stderr, "usage: inject INTERFACE BYTES RATE COUNT\n");
        return 2;
    }
    inject_all(argv[1], strtoul(argv[2], NULL, 10), strtod(argv[3], NULL),
               (uint32_t)strtoul(argv[4], NULL, 10));
    return 0;
}
