/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes over time: nothing is lost however far the time goes. */
#include "plugin/report/rate.h"

enum { SECOND_US = 1000000 };

static guint64
sum(const guint64 *slots)
{
    guint64 total = 0;

    for (guint i = 0; i < RS_RATE_SLOTS; i++)
        total += slots[i];
    return total;
}

/* Bytes go to the slot of their time, and to their kind. */
static void
test_slots(void)
{
    struct rs_rate rate = { 0 };

    rs_rate_add(&rate, 0, TRUE, 10);
    rs_rate_add(&rate, 99999, TRUE, 20);
    rs_rate_add(&rate, 100000, FALSE, 30);
    g_assert_cmpfloat(rs_rate_step_s(&rate), ==, 0.1);
    g_assert_cmpuint(rate.n_slots, ==, 2);
    g_assert_cmpuint(rate.usb[0], ==, 30);
    g_assert_cmpuint(rate.usb[1], ==, 0);
    g_assert_cmpuint(rate.network[1], ==, 30);
}

/* The step doubles when time runs out of slots; old bytes stay at their time. */
static void
test_doubles(void)
{
    struct rs_rate rate = { 0 };

    rs_rate_add(&rate, 11 * SECOND_US, TRUE, 5);
    g_assert_cmpfloat(rs_rate_step_s(&rate), ==, 0.1);
    rs_rate_add(&rate, 12 * SECOND_US, TRUE, 7);
    g_assert_cmpfloat(rs_rate_step_s(&rate), ==, 0.2);
    g_assert_cmpuint(rate.usb[55], ==, 5);
    g_assert_cmpuint(rate.usb[60], ==, 7);
    g_assert_cmpuint(rate.n_slots, ==, 61);
}

/* A day, a century and a clock that jumped: all bytes are still there. */
static void
test_extremes(void)
{
    struct rs_rate rate = { 0 };

    rs_rate_add(&rate, -5, TRUE, 1);
    rs_rate_add(&rate, G_MININT64, TRUE, 1);
    for (guint i = 0; i < 1000; i++)
        rs_rate_add(&rate, (gint64)i * 86 * SECOND_US, i % 2, 3);
    g_assert_cmpuint(sum(rate.usb), ==, 1502);
    g_assert_cmpuint(sum(rate.network), ==, 1500);
    rs_rate_add(&rate, G_MAXINT64, FALSE, 9);
    g_assert_cmpuint(sum(rate.usb), ==, 1502);
    g_assert_cmpuint(sum(rate.network), ==, 1509);
    g_assert_cmpuint(rate.n_slots, <=, RS_RATE_SLOTS);
    g_assert_true(rs_rate_step_s(&rate) > 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rate/slots", test_slots);
    g_test_add_func("/rate/doubles", test_doubles);
    g_test_add_func("/rate/extremes", test_extremes);
    return g_test_run();
}
