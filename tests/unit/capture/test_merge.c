/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The order of records from several sources. */
#include "capture/merge.h"

enum { MAX = 16 };
#define MS(n) ((guint64)(n)*1000000U)
static const guint64 NOW = MS(1000000);

/* A source that has what it was given. */
struct given {
    rs_source source;
    guint64 times[MAX];
    guint n, next;
    gboolean is_live, is_pressed;
};

static gboolean
peek(rs_source *source, struct rs_record *ret_record)
{
    const struct given *given = (const struct given *)source;

    if (given->next == given->n)
        return FALSE;
    *ret_record = (struct rs_record){ .time_ns = given->times[given->next] };
    return TRUE;
}

static void
consume(rs_source *source)
{
    ((struct given *)source)->next++;
}

static gboolean
is_live(rs_source *source)
{
    return ((const struct given *)source)->is_live;
}

static gboolean
is_pressed(rs_source *source)
{
    return ((const struct given *)source)->is_pressed;
}

static const struct rs_source_ops ops = {
    .peek = peek, .consume = consume, .is_live = is_live, .is_pressed = is_pressed
};

static void
give(struct given *given, guint64 time_ns)
{
    given->times[given->n++] = time_ns;
}

static gboolean
add(void *data, unsigned source, const struct rs_record *record)
{
    g_string_append_printf((GString *)data, "%u:%d ", source,
                           (int)((gint64)(record->time_ns - NOW) / 1000000));
    return TRUE;
}

struct two {
    rs_merge *merge;
    struct given a, b;
};

static void
set_up(struct two *two)
{
    *two = (struct two){ .merge = rs_merge_new() };
    two->a.source.ops = two->b.source.ops = &ops;
    two->a.is_live = two->b.is_live = TRUE;
    rs_merge_add(two->merge, &two->a.source);
    rs_merge_add(two->merge, &two->b.source);
}

static void
check(struct two *two, guint64 now_ns, gboolean everything, const char *wanted)
{
    g_autoptr(GString) said = g_string_new(NULL);

    rs_merge_run(two->merge, now_ns, everything, 100, add, said);
    g_assert_cmpstr(said->str, ==, wanted);
}

/* As long as both have something, the older goes on; the last waits for the other source. */
static void
in_order(void)
{
    struct two two;

    set_up(&two);
    give(&two.a, NOW - MS(30));
    give(&two.a, NOW - MS(10));
    give(&two.b, NOW - MS(20));
    give(&two.b, NOW - MS(5));
    check(&two, NOW, FALSE, "0:-30 1:-20 0:-10 ");
    check(&two, NOW + MS(100), FALSE, "");
    check(&two, NOW + MS(RS_MERGE_WAIT_MS), FALSE, "1:-5 ");
    rs_merge_free(two.merge);
}

/* Nobody waits for a source that is not live, or when all is wanted, or when one runs full. */
static void
no_waiting(void)
{
    struct two two;

    set_up(&two);
    two.b.is_live = FALSE;
    give(&two.a, NOW);
    check(&two, NOW, FALSE, "0:0 ");
    two.b.is_live = TRUE;
    give(&two.a, NOW + MS(1));
    check(&two, NOW, FALSE, "");
    check(&two, NOW, TRUE, "0:1 ");
    give(&two.a, NOW + MS(2));
    two.a.is_pressed = TRUE;
    check(&two, NOW, FALSE, "0:2 ");
    rs_merge_free(two.merge);
}

/* When the clock is set back, what has stamps of before does not wait for its time to come. */
static void
clock_set_back(void)
{
    struct two two;

    set_up(&two);
    give(&two.a, NOW + MS(3600000));
    give(&two.a, NOW);
    check(&two, NOW, FALSE, "0:3600000 ");
    rs_merge_free(two.merge);
}

static gboolean
add_one(void *data, unsigned source, const struct rs_record *record)
{
    add(data, source, record);
    return FALSE;
}

/* The receiver may say that it is enough; nothing is lost or comes twice. */
static void
enough(void)
{
    g_autoptr(GString) said = g_string_new(NULL);
    struct two two;

    set_up(&two);
    give(&two.a, NOW);
    give(&two.b, NOW + MS(1));
    g_assert_cmpuint(rs_merge_run(two.merge, NOW, TRUE, 100, add_one, said), ==, 1);
    check(&two, NOW, TRUE, "1:1 ");
    g_assert_cmpstr(said->str, ==, "0:0 ");
    rs_merge_free(two.merge);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/merge/in-order", in_order);
    g_test_add_func("/merge/no-waiting", no_waiting);
    g_test_add_func("/merge/clock-set-back", clock_set_back);
    g_test_add_func("/merge/enough", enough);
    return g_test_run();
}
