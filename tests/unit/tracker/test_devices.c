/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who is on the bus: attachments, departures, and which of them are the same device again. */
#include "tests/unit/tracker/fixture.h"

#define ONE SERIAL_OF("0000000000000001")
#define TWO SERIAL_OF("0000000000000002")

/* A device shows itself at address 0, once, and keeps its identity when it gets its address. */
static void
test_enumeration(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 3, 5, PID_RECOVERY, ONE);
    g_assert_cmpuint(b->n_events, ==, 1);
    g_assert_cmpuint(b->event_frame, ==, 7); /* interrupt, status, reset, descriptor */
    g_assert_cmpint(b->event.device_event, ==, RS_DEVICE_ATTACHED);
    g_assert_cmpstr(b->event.mode, ==, "recovery");
    g_assert_cmpstr(b->event.previous_mode, ==, "");
    g_assert_cmpint(b->event.away_us, ==, -1);
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "getenv x", 0);
    g_assert_true(b->concerned);
    g_assert_nonnull(b->note.device);
    g_assert_cmpuint(b->note.device->index, ==, 1);
    g_assert_cmpuint(b->note.device->address, ==, 5);
    g_assert_cmpuint(b->note.device->hub_port, ==, HUB << 8 | 3);
    g_assert_cmpstr(b->note.device->ecid, ==, "0x1");
    g_assert_cmpstr(b->note.device->product, ==, "iPhone10,6");
}

/* Another vendor's device is nobody. */
static void
test_foreign(void)
{
    g_autoptr(bench) b = bench_new();

    enumerate(b, 5, 0x1d6b, 0x12a8, NULL);
    g_assert_cmpuint(b->n_events, ==, 0);
    bulk(b, 5, 0, 0.001);
    g_assert_false(b->concerned);
    g_assert_null(b->note.device);
    g_assert_cmpuint(b->note.session, ==, 0);
}

static void
test_modes(void)
{
    static const struct {
        guint16 product;
        const char *mode;
    } table[] = {
        { 0x12a8, "normal" },   { 0x1281, "recovery" }, { 0x1280, "recovery" },
        { 0x1283, "recovery" }, { 0x1227, "dfu" },      { 0x1222, "wtf" },
        { 0xf014, "port-dfu" }, { 0x1881, "kis" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(bench) b = bench_new();

        attach(b, 1, 5, table[i].product, NULL);
        g_assert_cmpstr(b->event.mode, ==, table[i].mode);
    }
}

/* A departure after "go" was asked for; the hub's interrupt is the first to tell. */
static void
test_planned_leave(void)
{
    g_autoptr(bench) b = bench_new();
    guint32 notice;

    attach(b, 1, 5, PID_RECOVERY, ONE);
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "go", 0);
    wait_s(b, 14);
    notice = leave(b, 1);
    g_assert_cmpint(b->event.device_event, ==, RS_DEVICE_LEFT);
    g_assert_true(b->event.planned);
    g_assert_cmpstr(b->event.reason, ==, "go");
    g_assert_cmpuint(b->event.left_in, ==, notice);
    g_assert_cmpuint(b->event_frame, ==, notice + 2);
    g_assert_false(b->event.device->present);
}

/* The same too late, or after a command that makes nobody leave, was not. */
static void
test_unplanned_leave(void)
{
    static const struct {
        const char *command;
        double seconds;
    } table[] = { { "go", 16 }, { "getenv go", 1 }, { "golf", 1 }, { "bootx", 31 } };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(bench) b = bench_new();

        attach(b, 1, 5, PID_RECOVERY, ONE);
        fact(b, 5, RS_FACT_IBOOT_COMMAND, table[i].command, 0);
        wait_s(b, table[i].seconds);
        leave(b, 1);
        g_assert_cmpint(b->event.device_event, ==, RS_DEVICE_LEFT);
        g_assert_false(b->event.planned);
        g_assert_cmpstr(b->event.reason, ==, "");
    }
}

/* All that makes a device leave on purpose. */
static void
test_triggers(void)
{
    static const struct {
        guint16 product;
        struct rs_fact fact;
        const char *reason;
    } table[] = {
        { PID_RECOVERY, { RS_FACT_IBOOT_COMMAND, "go", 0 }, "go" },
        { PID_RECOVERY, { RS_FACT_IBOOT_COMMAND, "go 1", 0 }, "go" },
        { PID_RECOVERY, { RS_FACT_IBOOT_COMMAND, "bootx", 0 }, "bootx" },
        { PID_RECOVERY, { RS_FACT_IBOOT_COMMAND, "reset", 0 }, "reset" },
        { PID_RECOVERY, { RS_FACT_IBOOT_COMMAND, "reboot", 0 }, "reboot" },
        { PID_DFU, { RS_FACT_DFU_FINISHED, NULL, 1 }, "dfu-finish" },
        { PID_NORMAL, { RS_FACT_LOCKDOWN_REQUEST, "EnterRecovery", 0 }, "EnterRecovery" },
        { PID_NORMAL, { RS_FACT_RESTORED_REQUEST, "Reboot", 0 }, "Reboot" },
        { PID_NORMAL, { RS_FACT_RESTORED_MSG_TYPE, "StatusMsg", 0 }, "StatusMsg" },
        { PID_NORMAL,
          { RS_FACT_RESTORED_MSG_TYPE, "ReceivedFinalStatusMsg", 0 },
          "ReceivedFinalStatusMsg" },
        { PID_NORMAL, { RS_FACT_MUX_REQUEST, NULL, 0x52 }, "SET_MODE" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(bench) b = bench_new();

        attach(b, 1, 5, table[i].product, NULL);
        facts(b, 5, &table[i].fact, 1);
        wait_s(b, 1);
        leave(b, 1);
        g_assert_true(b->event.planned);
        g_assert_cmpstr(b->event.reason, ==, table[i].reason);
    }
}

/* The same device on the same port in another mode: one device, with what came before. */
static void
test_comes_back(void)
{
    g_autoptr(bench) b = bench_new();
    guint32 notice;
    gint64 left_us;

    attach(b, 1, 5, PID_RECOVERY, ONE);
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "bootx", 0);
    notice = leave(b, 1);
    left_us = b->time_us;
    wait_s(b, 4);
    attach(b, 1, 6, PID_NORMAL, NULL);
    g_assert_cmpint(b->event.device_event, ==, RS_DEVICE_ATTACHED);
    g_assert_cmpuint(b->event.device->index, ==, 1);
    g_assert_cmpuint(b->event.device->address, ==, 6);
    g_assert_cmpstr(b->event.previous_mode, ==, "recovery");
    g_assert_cmpstr(b->event.mode, ==, "restore"); /* what "bootx" leads to */
    g_assert_cmpstr(b->event.reason, ==, "bootx");
    g_assert_true(b->event.planned);
    g_assert_cmpuint(b->event.left_in, ==, notice);
    g_assert_cmpint(b->event.away_us, >=, 4 * G_USEC_PER_SEC);
    g_assert_cmpint(b->event.away_us, <, b->time_us - left_us + G_USEC_PER_SEC);
    g_assert_cmpstr(b->event.device->ecid, ==, "0x1");
}

/* It comes back as what it was, or not as what it was told: still the same. */
static void
test_comes_back_wrong(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "bootx", 0);
    leave(b, 1);
    attach(b, 1, 6, PID_RECOVERY, ONE);
    g_assert_cmpstr(b->event.mode, ==, "recovery");
    g_assert_cmpstr(b->event.previous_mode, ==, "recovery");
    g_assert_cmpstr(b->event.reason, ==, "bootx");
    g_assert_cmpuint(b->event.device->index, ==, 1);
}

/* Normal until something on port 62078 tells otherwise, and from then on restore. */
static void
test_restored_tells_mode(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_NORMAL, NULL);
    g_assert_cmpstr(b->note.mode, ==, "normal");
    fact(b, 5, RS_FACT_RESTORED_TYPE, "com.apple.mobile.lockdown", 0);
    g_assert_cmpstr(b->note.mode, ==, "normal");
    fact(b, 5, RS_FACT_RESTORED_TYPE, "com.apple.mobile.restored", 0);
    g_assert_cmpstr(b->note.mode, ==, "restore");
    fact(b, 5, RS_FACT_RESTORED_ECID, "0x77", 0);
    g_assert_cmpstr(b->note.device->ecid, ==, "0x77");
}

/* Two at a time are two, whoever leaves and comes. */
static void
test_two_devices(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    attach(b, 2, 6, PID_RECOVERY, TWO);
    g_assert_cmpuint(b->event.device->index, ==, 2);
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "go", 0);
    g_assert_cmpuint(b->note.device->index, ==, 1);
    leave(b, 1);
    g_assert_cmpuint(b->event.device->index, ==, 1);
    g_assert_true(b->event.planned);
    leave(b, 2);
    g_assert_cmpuint(b->event.device->index, ==, 2);
    g_assert_false(b->event.planned);
    attach(b, 2, 7, PID_RECOVERY, TWO);
    g_assert_cmpuint(b->event.device->index, ==, 2);
    attach(b, 1, 8, PID_RECOVERY, ONE);
    g_assert_cmpuint(b->event.device->index, ==, 1);
    fact(b, 7, RS_FACT_IBOOT_COMMAND, "getenv x", 0);
    g_assert_cmpstr(b->note.device->ecid, ==, "0x2");
    g_assert_cmpuint(b->note.session, !=, session_at(b, 0)->id);
}

/* The port says who it is not: the ECID tells two that have swapped places. */
static void
test_swapped_ports(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    attach(b, 2, 6, PID_RECOVERY, TWO);
    leave(b, 1);
    leave(b, 2);
    attach(b, 2, 7, PID_RECOVERY, ONE);
    fact(b, 7, RS_FACT_IBOOT_COMMAND, "getenv x", 0);
    g_assert_cmpstr(b->note.device->ecid, ==, "0x1");
    g_assert_cmpuint(b->note.device->index, ==, 1);
    attach(b, 1, 8, PID_RECOVERY, TWO);
    fact(b, 8, RS_FACT_IBOOT_COMMAND, "getenv x", 0);
    g_assert_cmpstr(b->note.device->ecid, ==, "0x2");
    g_assert_cmpuint(b->note.device->index, ==, 2);
}

/* A bus of its own has ports and addresses of its own. */
static void
test_two_buses(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    b->bus = 2;
    attach(b, 1, 5, PID_DFU, TWO);
    g_assert_cmpuint(b->event.device->index, ==, 2);
    fact(b, 5, RS_FACT_DFU_REQUEST, NULL, 1);
    g_assert_cmpuint(b->note.device->index, ==, 2);
    b->bus = BUS;
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "x", 0);
    g_assert_cmpuint(b->note.device->index, ==, 1);
}

/* An address that was a phone's is a mouse's now. */
static void
test_address_reused(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    leave(b, 1);
    hub_interrupt(b);
    port_status(b, 4, TRUE, TRUE);
    port_reset(b, 4);
    enumerate(b, 5, 0x046d, 0xc077, NULL);
    bulk(b, 5, -71, 0.01);
    g_assert_false(b->concerned);
    g_assert_null(b->note.usb_error);
}

/* Without a hub in the capture, ESHUTDOWN is what tells of a departure; with one it is not. */
static void
test_shutdown(void)
{
    g_autoptr(bench) alone = bench_new();
    g_autoptr(bench) with_hub = bench_new();

    fact(alone, 5, RS_FACT_IBOOT_COMMAND, "go", 0);
    completion(alone, 5, -108);
    g_assert_cmpuint(alone->n_events, ==, 1);
    g_assert_cmpint(alone->event.device_event, ==, RS_DEVICE_LEFT);
    g_assert_cmpuint(alone->event.left_in, ==, alone->frame);
    g_assert_true(alone->event.planned);
    g_assert_cmpstr(alone->note.usb_error, ==, "gone");

    attach(with_hub, 1, 5, PID_RECOVERY, ONE);
    completion(with_hub, 5, -108);
    g_assert_cmpuint(with_hub->n_events, ==, 1);
    g_assert_cmpstr(with_hub->note.usb_error, ==, "gone");
    g_assert_false(with_hub->note.usb_planned);
    leave(with_hub, 1);
    g_assert_cmpint(with_hub->event.device_event, ==, RS_DEVICE_LEFT);
}

/* Neither hub nor enumeration: what a device speaks tells its mode; another mode is the same one.
 */
static void
test_unseen(void)
{
    static const struct {
        struct rs_fact fact;
        const char *mode;
    } table[] = {
        { { RS_FACT_IBOOT_COMMAND, "getenv x", 0 }, "recovery" },
        { { RS_FACT_DFU_REQUEST, NULL, 3 }, "dfu" },
        { { RS_FACT_RESTORED_MSG_TYPE, "ProgressMsg", 0 }, "restore" },
        { { RS_FACT_RESTORED_REQUEST, "QueryValue", 0 }, "restore" },
        { { RS_FACT_LOCKDOWN_REQUEST, "GetValue", 0 }, "normal" },
        { { RS_FACT_ASR_COMMAND, "Initiate", 0 }, "restore" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(bench) b = bench_new();

        facts(b, 9, &table[i].fact, 1);
        g_assert_true(b->concerned);
        g_assert_cmpstr(b->note.mode, ==, table[i].mode);
        g_assert_cmpuint(b->note.device->index, ==, 1);
    }
}

/* The hub says it is empty twice: it has left once. Another port says so: nobody has. */
static void
test_leaves_once(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    leave(b, 2);
    g_assert_cmpuint(b->n_events, ==, 1);
    leave(b, 1);
    leave(b, 1);
    g_assert_cmpuint(b->n_events, ==, 2);
}

/* The port is asked and all is as it was. */
static void
test_port_unchanged(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    port_status(b, 1, TRUE, FALSE);
    g_assert_cmpuint(b->n_events, ==, 1);
}

/* A reset by the host is no departure: same port, same mode, another address. */
static void
test_port_reset(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    port_reset(b, 1);
    enumerate(b, 6, 0x05ac, PID_RECOVERY, ONE);
    g_assert_cmpuint(b->n_events, ==, 1);
    fact(b, 6, RS_FACT_IBOOT_COMMAND, "x", 0);
    g_assert_cmpuint(b->note.device->index, ==, 1);
}

static void
test_transfer_errors(void)
{
    static const struct {
        gint32 status;
        const char *error, *name;
    } table[] = {
        { -71, "protocol", "EPROTO" },       { -84, "protocol", "EILSEQ" },
        { -62, "protocol", "ETIME" },        { -75, "babble", "EOVERFLOW" },
        { -32, "stall", "EPIPE" },           { -2, "cancelled", "ENOENT" },
        { -104, "cancelled", "ECONNRESET" }, { -108, "gone", "ESHUTDOWN" },
        { -19, "gone", "ENODEV" },           { -110, "timeout", "ETIMEDOUT" },
        { -121, "other", "EREMOTEIO" },      { -12345, "other", "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(bench) b = bench_new();

        attach(b, 1, 5, PID_RECOVERY, ONE);
        bulk(b, 5, table[i].status, 10);
        g_assert_cmpstr(b->note.usb_error, ==, table[i].error);
        g_assert_cmpstr(b->note.usb_status, ==, table[i].name);
        g_assert_cmpint(b->note.pending_us, ==, 10 * G_USEC_PER_SEC);
        g_assert_cmpuint(b->note.submitted_in, ==, b->frame - 1);
        g_assert_false(b->note.usb_planned);
    }
}

/* Transfers that end with the device's own departure are part of it. */
static void
test_planned_errors(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    bulk(b, 5, 0, 1);
    g_assert_null(b->note.usb_error);
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "go", 0);
    completion(b, 5, -71);
    g_assert_true(b->note.usb_planned);
    g_assert_cmpint(b->note.pending_us, ==, -1);
    leave(b, 1);
    wait_s(b, 20);
    completion(b, 5, -108);
    g_assert_true(b->note.usb_planned);
}

/* A phone that is plugged in beside one that is on its way back is another phone. */
static void
test_newcomer(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "go", 0);
    leave(b, 1);
    attach(b, 2, 6, PID_NORMAL, NULL);
    g_assert_cmpuint(b->event.device->index, ==, 2);
    g_assert_cmpstr(b->event.previous_mode, ==, "");
    attach(b, 1, 7, PID_RECOVERY, ONE);
    g_assert_cmpuint(b->event.device->index, ==, 1);
    g_assert_cmpstr(b->event.reason, ==, "go");
}

/* A phone that is put into another port is itself again once it says who it is. */
static void
test_moved(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, ONE);
    fact(b, 5, RS_FACT_IBOOT_COMMAND, "go", 0);
    leave(b, 1);
    attach(b, 2, 6, PID_RECOVERY, ONE);
    g_assert_cmpuint(b->event.device->index, ==, 1);
    g_assert_cmpint(b->event.device_event, ==, RS_DEVICE_ATTACHED);
    g_assert_cmpstr(b->event.reason, ==, "go");
    fact(b, 6, RS_FACT_IBOOT_COMMAND, "x", 0);
    g_assert_cmpuint(b->note.device->index, ==, 1);
    g_assert_cmpuint(b->note.session, ==, 1);
}

static void
read_descriptor(bench *b, guint8 address, guint16 product)
{
    const struct rs_usb_setup setup = { 0x80, 6, 0x0100, 0, 18 };
    guint8 bytes[18] = { 18, 1, 0, 2, 0, 0, 0, 64, 0xac, 0x05 };

    bytes[10] = (guint8)product;
    bytes[11] = (guint8)(product >> 8);
    control(b, address, &setup, 0, bytes, sizeof bytes);
}

/* Where no SET_ADDRESS is shown (xHCI, USBPcap, macOS), the descriptor of one that had left tells
 * that its address names a newcomer; not that of one seen for the first time, or still there. */
static void
test_address_without_set_address(void)
{
    g_autoptr(bench) b = bench_new();

    read_descriptor(b, 5, PID_RECOVERY);
    g_assert_cmpuint(b->note.new_address, ==, 0);
    read_descriptor(b, 5, PID_RECOVERY);
    g_assert_cmpuint(b->note.new_address, ==, 0);
    completion(b, 5, -108);
    g_assert_cmpint(b->note.device_event, ==, RS_DEVICE_LEFT);
    read_descriptor(b, 5, PID_NORMAL);
    g_assert_cmpuint(b->note.new_address, ==, 5);
    g_assert_cmpint(b->note.device_event, ==, RS_DEVICE_ATTACHED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/devices/enumeration", test_enumeration);
    g_test_add_func("/devices/foreign", test_foreign);
    g_test_add_func("/devices/modes", test_modes);
    g_test_add_func("/devices/planned-leave", test_planned_leave);
    g_test_add_func("/devices/unplanned-leave", test_unplanned_leave);
    g_test_add_func("/devices/triggers", test_triggers);
    g_test_add_func("/devices/comes-back", test_comes_back);
    g_test_add_func("/devices/comes-back-wrong", test_comes_back_wrong);
    g_test_add_func("/devices/restored-tells-mode", test_restored_tells_mode);
    g_test_add_func("/devices/two-devices", test_two_devices);
    g_test_add_func("/devices/swapped-ports", test_swapped_ports);
    g_test_add_func("/devices/two-buses", test_two_buses);
    g_test_add_func("/devices/address-reused", test_address_reused);
    g_test_add_func("/devices/shutdown", test_shutdown);
    g_test_add_func("/devices/unseen", test_unseen);
    g_test_add_func("/devices/leaves-once", test_leaves_once);
    g_test_add_func("/devices/port-unchanged", test_port_unchanged);
    g_test_add_func("/devices/port-reset", test_port_reset);
    g_test_add_func("/devices/transfer-errors", test_transfer_errors);
    g_test_add_func("/devices/planned-errors", test_planned_errors);
    g_test_add_func("/devices/newcomer", test_newcomer);
    g_test_add_func("/devices/moved", test_moved);
    g_test_add_func("/devices/address-without-set-address", test_address_without_set_address);
    return g_test_run();
}
