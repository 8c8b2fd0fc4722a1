/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * engine RULES OUT.tsv [SEQUENCES]: many random sequences of every length through an engine with
 * all shipped rules, then single long ones; what they took and what they left behind.
 * engine-plot.py draws the table. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/unit/engine/shipped.h"

enum { N_SEQUENCES = 100000, N_BINS = 10, LONGEST = 1 << 20 };

/* All sequences of one length and kind. */
struct bin {
    guint n;
    double seconds;
    struct shipped_load load; /* the most */
    gsize bytes;
};

static double
now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void
run(const rs_ruleset *ruleset, enum shipped_kind kind, guint32 seed, guint length, struct bin *bin)
{
    const gsize before = mallinfo2().uordblks;
    g_autoptr(rs_engine) engine = rs_engine_new(ruleset);
    struct shipped_load load;
    const double start = now();

    shipped_feed(engine, ruleset,
                 (struct shipped_events){ .kind = kind, .seed = seed, .n_events = length });
    bin->seconds += now() - start;
    bin->n++;
    load = shipped_measure(engine);
    bin->load.all = MAX(bin->load.all, load.all);
    bin->load.most_of_rule = MAX(bin->load.most_of_rule, load.most_of_rule);
    bin->bytes = MAX(bin->bytes, mallinfo2().uordblks - before);
}

static void
print_bin(FILE *out, enum shipped_kind kind, guint length, const struct bin *bin)
{
    fprintf(out, "%s\t%u\t%u\t%.6f\t%.1f\t%u\t%u\t%zu\n", shipped_kind_names[kind], length, bin->n,
            bin->seconds / bin->n, bin->seconds / bin->n / length * 1e9, bin->load.most_of_rule,
            bin->load.all, bin->bytes);
    fflush(out);
}

static void
run_many(const rs_ruleset *ruleset, guint n_sequences, FILE *out)
{
    struct bin bins[N_SHIPPED_KINDS][N_BINS] = { 0 };

    for (guint i = 0; i < n_sequences; i++)
        run(ruleset, i % N_SHIPPED_KINDS, i, 2U << (i / N_SHIPPED_KINDS % N_BINS),
            &bins[i % N_SHIPPED_KINDS][i / N_SHIPPED_KINDS % N_BINS]);
    for (guint kind = 0; kind < N_SHIPPED_KINDS; kind++)
        for (guint i = 0; i < N_BINS; i++)
            print_bin(out, kind, 2U << i, &bins[kind][i]);
}

static void
run_long(const rs_ruleset *ruleset, FILE *out)
{
    for (guint kind = 0; kind < N_SHIPPED_KINDS; kind++) {
        for (guint length = 2U << N_BINS; length <= LONGEST; length *= 2) {
            struct bin bin = { 0 };

            run(ruleset, kind, length, length, &bin);
            print_bin(out, kind, length, &bin);
        }
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(rs_ruleset) ruleset = NULL;
    FILE *out;

    if (argc < 3) {
        fputs("usage: engine RULES OUT.tsv [SEQUENCES]\n", stderr);
        return 2;
    }
    out = fopen(argv[2], "w");
    if (!out) {
        perror(argv[2]);
        return EXIT_FAILURE;
    }
    ruleset = shipped_rules(argv[1]);
    fputs("kind\tlength\tsequences\tseconds\tns_per_event\tmost_of_rule\theld\tbytes\n", out);
    run_many(ruleset, argc > 3 ? (guint)g_ascii_strtoull(argv[3], NULL, 10) : N_SEQUENCES, out);
    run_long(ruleset, out);
    return fclose(out) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
