/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The phase of a restore, by the facts of each frame. */
#include "tests/unit/tracker/fixture.h"

enum { SYN = 0x02, ACK = 0x10 };

/* A device in restore mode whose restore has started. */
static bench *
in_restore(void)
{
    bench *b = bench_new();

    attach(b, 1, 5, PID_NORMAL, NULL);
    fact(b, 5, RS_FACT_RESTORED_TYPE, "com.apple.mobile.restored", 0);
    fact(b, 5, RS_FACT_RESTORED_REQUEST, "StartRestore", 0);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_RESTORED_START);
    return b;
}

/* What a message of restored or ASR leads to. */
static void
test_restore_mode(void)
{
    static const struct {
        struct rs_fact fact;
        enum rs_phase phase;
    } table[] = {
        { { RS_FACT_RESTORED_DATA_TYPE, "SystemImageData", 0 }, RS_PHASE_ASR },
        { { RS_FACT_ASR_COMMAND, "Initiate", 0 }, RS_PHASE_ASR },
        { { RS_FACT_RESTORED_OPERATION, NULL, 13 }, RS_PHASE_ASR },
        { { RS_FACT_RESTORED_OPERATION, NULL, 14 }, RS_PHASE_VERIFY },
        { { RS_FACT_RESTORED_DATA_TYPE, "NORData", 0 }, RS_PHASE_FIRMWARE },
        { { RS_FACT_RESTORED_DATA_TYPE, "FirmwareUpdaterDataV3", 0 }, RS_PHASE_FIRMWARE },
        { { RS_FACT_RESTORED_OPERATION, NULL, 18 }, RS_PHASE_FIRMWARE },
        { { RS_FACT_RESTORED_DATA_TYPE, "BasebandData", 0 }, RS_PHASE_BASEBAND },
        { { RS_FACT_RESTORED_OPERATION, NULL, 19 }, RS_PHASE_BASEBAND },
        { { RS_FACT_RESTORED_CHECKPOINT, "update_baseband_legacy", 0 }, RS_PHASE_BASEBAND },
        { { RS_FACT_RESTORED_CHECKPOINT, "fdr_recover", 0 }, RS_PHASE_FDR },
        { { RS_FACT_RESTORED_CHECKPOINT, "seal_system_volume", 0 }, RS_PHASE_SEAL },
        { { RS_FACT_RESTORED_STATUS, NULL, 0 }, RS_PHASE_FINISH },
        { { RS_FACT_RESTORED_MSG_TYPE, "ReceivedFinalStatusMsg", 0 }, RS_PHASE_REBOOT },
        { { RS_FACT_RESTORED_OPERATION, NULL, 999 }, RS_PHASE_RESTORED_START },
        { { RS_FACT_RESTORED_CHECKPOINT, "umask", 0 }, RS_PHASE_RESTORED_START },
        { { RS_FACT_RESTORED_DATA_TYPE, "RootTicket", 0 }, RS_PHASE_RESTORED_START },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(bench) b = in_restore();

        facts(b, 5, &table[i].fact, 1);
        g_assert_cmpstr(rs_phase_name(b->note.phase), ==, rs_phase_name(table[i].phase));
    }
}

/* The number a restore ends with names the step that failed. */
static void
test_status(void)
{
    static const struct {
        gint64 status;
        enum rs_phase phase;
    } table[] = {
        { 14, RS_PHASE_ASR },
        { 1100, RS_PHASE_ASR },
        { 23, RS_PHASE_BASEBAND },
        { 1015, RS_PHASE_BASEBAND },
        { 53, RS_PHASE_FDR },
        { 56, RS_PHASE_FIRMWARE },
        { 44, RS_PHASE_RESTORED_START },
        { -1, RS_PHASE_RESTORED_START },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(bench) b = in_restore();

        fact(b, 5, RS_FACT_RESTORED_STATUS, NULL, table[i].status);
        g_assert_cmpstr(rs_phase_name(b->note.phase), ==, rs_phase_name(table[i].phase));
        g_assert_false(session_at(b, 0)->completed);
    }
}

/* A step that begins leads to its phase, one that has ended does not lead back. */
static void
test_checkpoints(void)
{
    static const struct {
        gint64 complete, result;
        enum rs_phase phase;
    } table[] = { { 0, 0, RS_PHASE_ASR }, { 1, 14, RS_PHASE_VERIFY }, { 1, 0, RS_PHASE_VERIFY } };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        const struct rs_fact step[] = {
            { RS_FACT_RESTORED_CHECKPOINT, "restore_images", 0 },
            { RS_FACT_RESTORED_CHECKPOINT_RESULT, NULL, table[i].result },
            { RS_FACT_RESTORED_CHECKPOINT_COMPLETE, NULL, table[i].complete },
        };
        g_autoptr(bench) b = in_restore();

        fact(b, 5, RS_FACT_RESTORED_OPERATION, NULL, 14);
        facts(b, 5, step, G_N_ELEMENTS(step));
        g_assert_cmpstr(rs_phase_name(b->note.phase), ==, rs_phase_name(table[i].phase));
    }
}

/* A step of which only the failure was seen leads to its phase. */
static void
test_failed_step(void)
{
    const struct rs_fact step[] = {
        { RS_FACT_RESTORED_CHECKPOINT, "restore_images", 0 },
        { RS_FACT_RESTORED_CHECKPOINT_RESULT, NULL, 14 },
        { RS_FACT_RESTORED_CHECKPOINT_COMPLETE, NULL, 1 },
    };
    g_autoptr(bench) b = in_restore();

    facts(b, 5, step, G_N_ELEMENTS(step));
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_ASR);
}

/* The check of the image is over with a number of its own; another number names another step. */
static void
test_status_in_verify(void)
{
    static const struct {
        gint64 status;
        enum rs_phase phase;
    } table[] = { { 1100, RS_PHASE_VERIFY }, { 14, RS_PHASE_VERIFY }, { 53, RS_PHASE_FDR } };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(bench) b = in_restore();

        fact(b, 5, RS_FACT_RESTORED_OPERATION, NULL, 14);
        fact(b, 5, RS_FACT_RESTORED_STATUS, NULL, table[i].status);
        g_assert_cmpstr(rs_phase_name(b->note.phase), ==, rs_phase_name(table[i].phase));
    }
}

/* Filesystems are unmounted for good when all is on them; before that it means nothing. */
static void
test_unmount(void)
{
    g_autoptr(bench) b = in_restore();

    fact(b, 5, RS_FACT_RESTORED_OPERATION, NULL, 29);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_RESTORED_START);
    fact(b, 5, RS_FACT_RESTORED_OPERATION, NULL, 14);
    fact(b, 5, RS_FACT_RESTORED_OPERATION, NULL, 29);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_VERIFY);
    fact(b, 5, RS_FACT_RESTORED_OPERATION, NULL, 18);
    fact(b, 5, RS_FACT_RESTORED_OPERATION, NULL, 25);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_FINISH);
}

/* What leads there before: attached, asked, signed for, iBEC, ramdisk. */
static void
test_boot(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, NULL);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_ATTACH);
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "getenv build-version", 0);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_INSPECT);
    g_assert_false(session_at(b, 0)->attempted);
    dns_query(b, "gs.apple.com");
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_SIGNING);
    g_assert_true(session_at(b, 0)->attempted);
    dns_answer(b, "gs.apple.com", "17.1.2.3");
    fact(b, 5, RS_FACT_IBOOT_COMPONENT, "iBEC", 0);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_IBEC);
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "go", 0);
    leave(b, 1);
    attach(b, 1, 6, PID_RECOVERY, NULL);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_IBEC);
    fact(b, 6, RS_FACT_IBOOT_COMMAND, "getenv ramdisk-size", 0);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_IBEC); /* a question leads nowhere any more */
    fact(b, 6, RS_FACT_IBOOT_COMMAND, "setenv auto-boot false", 0);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_RAMDISK);
    fact(b, 6, RS_FACT_IBOOT_COMMAND, "bootx", 0);
    leave(b, 1);
    attach(b, 1, 7, PID_NORMAL, NULL);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_RESTORED_START);
    g_assert_cmpstr(b->note.mode, ==, "restore");
}

static void
test_from_normal_and_dfu(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_NORMAL, NULL);
    fact(b, 5, RS_FACT_LOCKDOWN_REQUEST, "QueryType", 0);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_INSPECT);
    fact(b, 5, RS_FACT_LOCKDOWN_REQUEST, "EnterRecovery", 0);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_RECOVERY);
    leave(b, 1);
    attach(b, 1, 6, PID_RECOVERY, NULL);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_RECOVERY);
    g_assert_false(session_at(b, 0)->attempted); /* that is no restore yet */
    leave(b, 1);
    attach(b, 1, 7, PID_DFU, NULL);
    fact(b, 7, RS_FACT_DFU_REQUEST, NULL, 1);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_DFU);
    g_assert_true(session_at(b, 0)->attempted);
}

/* Tickets are asked for in the middle of a restore too; that is no way back. */
static void
test_signing_midway(void)
{
    g_autoptr(bench) b = in_restore();

    fact(b, 5, RS_FACT_RESTORED_DATA_TYPE, "BasebandData", 0);
    dns_query(b, "gs.apple.com");
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_BASEBAND);
    dns_answer(b, "gs.apple.com", "17.1.2.3");
    segment(b, "192.168.1.2", "17.1.2.3", 1, SYN, NULL, 0);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_BASEBAND);
}

/* To a proxy the name goes with the request: no question for it, no SYN to its address. */
static void
test_signing_by_proxy(void)
{
    static const struct rs_fact connect[] = { { RS_FACT_HTTP_METHOD, "CONNECT", 0 },
                                              { RS_FACT_HTTP_HOST, "gs.apple.com:443", 0 } };
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, NULL);
    segment(b, "192.168.1.2", "10.0.0.9", 1, SYN, NULL, 0);
    g_assert_false(b->concerned);
    segment(b, "192.168.1.2", "10.0.0.9", 1, ACK, connect, G_N_ELEMENTS(connect));
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_SIGNING);
}

/* An answer, or somebody else's name, starts no signing. */
static void
test_no_signing(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, NULL);
    dns_answer(b, "gs.apple.com", "17.1.2.3");
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_ATTACH);
    dns_query(b, "ocsp.apple.com");
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_ATTACH);
    segment(b, "192.168.1.2", "17.1.2.3", 1, SYN, NULL, 0);
    g_assert_cmpint(b->note.phase, ==, RS_PHASE_SIGNING);
}

/* Each phase has the name the filters and the reports promise. */
static void
test_names(void)
{
    static const char *const names[] = {
        "",         "attach",  "inspect",        "signing", "recovery", "dfu",
        "ibec",     "ramdisk", "restored-start", "asr",     "verify",   "firmware",
        "baseband", "fdr",     "seal",           "finish",  "reboot",
    };

    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_cmpstr(rs_phase_name((enum rs_phase)i), ==, names[i]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/phases/restore-mode", test_restore_mode);
    g_test_add_func("/phases/status", test_status);
    g_test_add_func("/phases/checkpoints", test_checkpoints);
    g_test_add_func("/phases/failed-step", test_failed_step);
    g_test_add_func("/phases/status-in-verify", test_status_in_verify);
    g_test_add_func("/phases/unmount", test_unmount);
    g_test_add_func("/phases/boot", test_boot);
    g_test_add_func("/phases/from-normal-and-dfu", test_from_normal_and_dfu);
    g_test_add_func("/phases/signing-midway", test_signing_midway);
    g_test_add_func("/phases/signing-by-proxy", test_signing_by_proxy);
    g_test_add_func("/phases/no-signing", test_no_signing);
    g_test_add_func("/phases/names", test_names);
    return g_test_run();
}
