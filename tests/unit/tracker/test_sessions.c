/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sessions: which attempt a packet belongs to, and when a new one begins. */
#include "tests/unit/tracker/fixture.h"

#define ONE SERIAL_OF("0000000000000001")
#define TWO SERIAL_OF("0000000000000002")

static guint
n_sessions(const bench *b)
{
    return rs_tracker_sessions(b->tracker)->len;
}

/* From recovery mode to the end, on port 1; the addresses count up from `address`. */
static void
restore(bench *b, guint8 address)
{
    attach(b, 1, address, PID_RECOVERY, ONE);
    dns_query(b, "gs.apple.com");
    dns_answer(b, "gs.apple.com", "17.1.2.3");
    fact(b, address, RS_FACT_IBOOT_COMPONENT, "iBEC", 0);
    fact(b, address, RS_FACT_IBOOT_COMMAND, "go", 0);
    leave(b, 1);
    attach(b, 1, (guint8)(address + 1), PID_RECOVERY, ONE);
    fact(b, (guint8)(address + 1), RS_FACT_IBOOT_COMMAND, "bootx", 0);
    leave(b, 1);
    attach(b, 1, (guint8)(address + 2), PID_NORMAL, NULL);
    fact(b, (guint8)(address + 2), RS_FACT_RESTORED_TYPE, "com.apple.mobile.restored", 0);
    fact(b, (guint8)(address + 2), RS_FACT_RESTORED_REQUEST, "StartRestore", 0);
    fact(b, (guint8)(address + 2), RS_FACT_RESTORED_OPERATION, NULL, 13);
}

static void
finish(bench *b, guint8 address)
{
    fact(b, address, RS_FACT_RESTORED_STATUS, NULL, 0);
    fact(b, address, RS_FACT_RESTORED_MSG_TYPE, "ReceivedFinalStatusMsg", 0);
    leave(b, 1);
    attach(b, 1, (guint8)(address + 1), PID_NORMAL, NULL);
}

/* One restore is one session, over all modes of the device. */
static void
test_completed(void)
{
    g_autoptr(bench) b = bench_new();
    g_autofree char *described = NULL;

    restore(b, 5);
    g_assert_false(session_at(b, 0)->completed);
    finish(b, 7);
    described = describe_session(b, 0);
    g_assert_cmpstr(described, ==,
                    "attach signing ibec ramdisk restored-start asr finish reboot | "
                    "recovery restore normal");
    g_assert_cmpuint(n_sessions(b), ==, 1);
    g_assert_true(session_at(b, 0)->completed);
    g_assert_true(session_at(b, 0)->attempted);
    g_assert_cmpstr(session_at(b, 0)->device->ecid, ==, "0x1");
}

/* Spans say where a phase begins and ends. */
static void
test_spans(void)
{
    g_autoptr(bench) b = bench_new();
    const struct rs_span *span;

    attach(b, 1, 5, PID_RECOVERY, ONE);
    dns_query(b, "gs.apple.com");
    wait_s(b, 3);
    dns_answer(b, "gs.apple.com", "17.1.2.3");
    span = &g_array_index(session_at(b, 0)->phases, struct rs_span, 1);
    g_assert_cmpstr(span->name, ==, "signing");
    g_assert_cmpuint(span->first_frame, ==, b->frame - 1);
    g_assert_cmpuint(span->last_frame, ==, b->frame);
    g_assert_cmpint(span->end_us - span->start_us, ==, 3 * G_USEC_PER_SEC + 1000);
}

/* Signed for again after the restore has completed: a new attempt. */
static void
test_after_completion(void)
{
    g_autoptr(bench) b = bench_new();

    restore(b, 5);
    finish(b, 7);
    g_assert_cmpuint(n_sessions(b), ==, 1);
    dns_query(b, "gs.apple.com");
    g_assert_cmpuint(n_sessions(b), ==, 2);
    g_assert_cmpuint(b->note.session, ==, 2);
    fact(b, 8, RS_FACT_LOCKDOWN_REQUEST, "EnterRecovery", 0);
    g_assert_cmpuint(b->note.session, ==, 2);
    g_assert_cmpuint(session_at(b, 1)->device->index, ==, 1);
    g_assert_true(session_at(b, 0)->completed);
    g_assert_false(session_at(b, 1)->completed);
}

/* Back in recovery mode after the kernel had started, and signed for: a new attempt too. */
static void
test_after_failure(void)
{
    g_autoptr(bench) b = bench_new();

    restore(b, 5);
    leave(b, 1);
    attach(b, 1, 9, PID_RECOVERY, ONE);
    g_assert_cmpuint(b->note.session, ==, 1);
    dns_query(b, "gs.apple.com");
    g_assert_cmpuint(b->note.session, ==, 2);
    fact(b, 9, RS_FACT_IBOOT_COMMAND, "getenv x", 0);
    g_assert_cmpuint(b->note.session, ==, 2);
}

/* Tickets in the middle, and retries before the kernel, belong to the attempt they are in. */
static void
test_same_attempt(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    for (guint i = 0; i < 5; i++) {
        dns_query(b, "gs.apple.com");
        dns_answer(b, "gs.apple.com", NULL);
    }
    g_assert_cmpuint(n_sessions(b), ==, 1);
    leave(b, 1);
    restore(b, 6);
    dns_query(b, "gs.apple.com");
    g_assert_cmpuint(b->note.session, ==, 1);
    g_assert_cmpuint(n_sessions(b), ==, 1);
}

/* How many sessions there are when a phone that was signed for is away so long, comes back in a
 * mode and is signed for again. */
static guint
n_after_return(double away_s, guint16 product, const char *told)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    dns_query(b, "gs.apple.com");
    dns_answer(b, "gs.apple.com", NULL);
    if (told)
        fact(b, 5, RS_FACT_IBOOT_COMMAND, told, 0);
    leave(b, 1);
    wait_s(b, away_s);
    attach(b, 1, 6, product, ONE);
    g_assert_cmpuint(n_sessions(b), ==, 1); /* that it is back does not make a new one */
    dns_query(b, "gs.apple.com");
    return n_sessions(b);
}

/* Plugged out and in again by hand, and signed for: a new attempt. Not where a tool may have gone
 * on: soon back, in another mode, or told to leave. */
static void
test_replugged(void)
{
    g_assert_cmpuint(n_after_return(8, PID_RECOVERY, NULL), ==, 2);
    g_assert_cmpuint(n_after_return(1, PID_RECOVERY, NULL), ==, 1);
    g_assert_cmpuint(n_after_return(8, PID_DFU, NULL), ==, 1);
    g_assert_cmpuint(n_after_return(8, PID_RECOVERY, "go"), ==, 1);
}

/* A server is asked before the device shows: both are one attempt. */
static void
test_server_first(void)
{
    g_autoptr(bench) b = bench_new();

    dns_query(b, "gs.apple.com");
    g_assert_cmpuint(b->note.session, ==, 1);
    g_assert_null(session_at(b, 0)->device);
    attach(b, 1, 5, PID_RECOVERY, ONE);
    g_assert_cmpuint(b->note.session, ==, 1);
    g_assert_cmpuint(n_sessions(b), ==, 1);
    g_assert_nonnull(session_at(b, 0)->device);
}

/* Two devices, two sessions; a server's packet goes to the one that is being restored. */
static void
test_two_devices(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 2, 20, PID_NORMAL, NULL);
    fact(b, 20, RS_FACT_LOCKDOWN_REQUEST, "GetValue", 0);
    g_assert_cmpuint(b->note.session, ==, 1);
    attach(b, 1, 5, PID_RECOVERY, ONE);
    g_assert_cmpuint(b->note.session, ==, 2);
    fact(b, 20, RS_FACT_LOCKDOWN_REQUEST, "GetValue", 0);
    dns_query(b, "gs.apple.com");
    g_assert_cmpuint(b->note.session, ==, 2);
    g_assert_cmpuint(b->note.device->index, ==, 2);
    g_assert_false(session_at(b, 0)->attempted);
    g_assert_true(session_at(b, 1)->attempted);
}

/* Two restores at the same time. */
static void
test_two_restores(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    attach(b, 2, 6, PID_RECOVERY, TWO);
    fact(b, 5, RS_FACT_IBOOT_COMPONENT, "iBEC", 0);
    g_assert_cmpuint(b->note.session, ==, 1);
    fact(b, 6, RS_FACT_IBOOT_COMMAND, "setenv auto-boot false", 0);
    g_assert_cmpuint(b->note.session, ==, 2);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_RAMDISK);
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "go", 0);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_IBEC);
    g_assert_cmpuint(n_sessions(b), ==, 2);
}

/* However many come and go, there is a bound, and nothing breaks. */
static void
test_flood(void)
{
    g_autoptr(bench) b = bench_new();

    for (guint i = 0; i < 3000; i++) {
        g_autofree char *serial = g_strdup_printf(SERIAL_OF("%016X"), i + 1);
        g_autofree char *name = g_strdup_printf("h%u.gs.apple.com", i);

        attach(b, 1, (guint8)(2 + i % 120), i % 3 == 0 ? PID_DFU : PID_RECOVERY, serial);
        dns_query(b, name);
        if (i % 2 == 0)
            leave(b, 1);
    }
    g_assert_cmpuint(n_sessions(b), <=, 1024);
    g_assert_cmpuint(rs_tracker_hosts(b->tracker)->len, <=, 4096);
    g_assert_cmpuint(b->note.session, <=, 1024);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sessions/completed", test_completed);
    g_test_add_func("/sessions/spans", test_spans);
    g_test_add_func("/sessions/after-completion", test_after_completion);
    g_test_add_func("/sessions/after-failure", test_after_failure);
    g_test_add_func("/sessions/same-attempt", test_same_attempt);
    g_test_add_func("/sessions/replugged", test_replugged);
    g_test_add_func("/sessions/server-first", test_server_first);
    g_test_add_func("/sessions/two-devices", test_two_devices);
    g_test_add_func("/sessions/two-restores", test_two_restores);
    g_test_add_func("/sessions/flood", test_flood);
    return g_test_run();
}
