/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The USB source against a made-up kernel. */
#include <errno.h>
#include <string.h>

#include "capture/error.h"
#include "capture/messages.h"
#include "capture/payload.h"
#include "capture/sources/usbmon.h"
#include "tests/unit/capture/fake_usbmon.h"

enum { KERNEL_RING = 1200 << 10, OUR_RING = 1 << 24, HEADER = 64, BULK = 3, CONTROL = 2 };

struct bus {
    rs_fake_usbmon *fake;
    struct rs_usbmon_device device;
    rs_source *source;
};

static void
set_up(struct bus *bus, gboolean is_armed, size_t ring_bytes)
{
    const struct rs_usbmon_options options = {
        .bus = 3, .payload = RS_PAYLOAD_ALL, .is_armed = is_armed, .ring_bytes = ring_bytes
    };
    g_autoptr(GError) error = NULL;

    bus->fake = rs_fake_usbmon_new(KERNEL_RING);
    bus->device = rs_fake_usbmon_device(bus->fake);
    bus->source = rs_usbmon_new(&options, &bus->device, &error);
    g_assert_no_error(error);
}

static void
tear_down(struct bus *bus)
{
    bus->source->ops->free(bus->source);
    rs_fake_usbmon_free(bus->fake);
}

static struct rs_usbmon_header
event(guint64 id, char type, guint32 captured)
{
    const guint64 now_ns = rs_now_ns();

    return (struct rs_usbmon_header){ .id = id,
                                      .type = (guint8)type,
                                      .transfer = BULK,
                                      .endpoint = 4,
                                      .device = 2,
                                      .bus = 3,
                                      .seconds = (gint64)(now_ns / 1000000000U),
                                      .microseconds = (gint32)(now_ns % 1000000000U / 1000U),
                                      .length = captured,
                                      .captured = captured };
}

/* Starts, waits until the fake is empty, stops: what is there can then be looked at at leisure. */
static void
run(struct bus *bus)
{
    bus->source->ops->start(bus->source);
    rs_fake_usbmon_wait_empty(bus->fake);
    bus->source->ops->stop(bus->source);
}

static guint
count_records(struct bus *bus)
{
    struct rs_record record;
    guint n = 0;

    for (; bus->source->ops->peek(bus->source, &record); n++)
        bus->source->ops->consume(bus->source);
    return n;
}

/* The largest ring this kernel knows was asked for. */
static void
ring_size(void)
{
    struct bus bus;

    set_up(&bus, TRUE, OUR_RING);
    g_assert_cmpuint(rs_fake_usbmon_ring(bus.fake), ==, KERNEL_RING);
    tear_down(&bus);
}

/* Events come out as they went in, around the end of the kernel's ring several times. */
static void
order(void)
{
    enum { N = 2000, DATA = 3000 };
    g_autofree guint8 *data = (guint8 *)g_malloc(DATA);
    struct bus bus;
    struct rs_record record;

    set_up(&bus, TRUE, OUR_RING);
    bus.source->ops->start(bus.source);
    for (guint i = 0; i < N; i++) {
        const struct rs_usbmon_header header = event(i / 2 + 1, i % 2 ? 'C' : 'S', i % DATA);

        memset(data, (int)(i & 0xFF), DATA);
        if (i % 100 == 0)
            rs_fake_usbmon_wait_empty(bus.fake);
        rs_fake_usbmon_add(bus.fake, &header, data);
    }
    rs_fake_usbmon_wait_empty(bus.fake);
    bus.source->ops->stop(bus.source);
    for (guint i = 0; i < N; i++) {
        g_assert_true(bus.source->ops->peek(bus.source, &record));
        g_assert_cmpuint(record.captured, ==, HEADER + i % DATA);
        g_assert_cmpuint(record.original, ==, record.captured);
        g_assert_cmpuint(record.data[8], ==, i % 2 ? 'C' : 'S');
        if (i % DATA)
            g_assert_cmphex(record.data[record.captured - 1], ==, i & 0xFF);
        bus.source->ops->consume(bus.source);
    }
    g_assert_false(bus.source->ops->peek(bus.source, &record));
    tear_down(&bus);
}

/* A transfer the kernel kept only a part of has its real length. */
static void
original_length(void)
{
    struct rs_usbmon_header header = event(1, 'S', 100);
    guint8 data[100] = { 0 };
    struct rs_record record;
    struct bus bus;

    set_up(&bus, TRUE, OUR_RING);
    header.length = 1 << 20;
    rs_fake_usbmon_add(bus.fake, &header, data);
    header = event(1, 'C', 0);
    header.data_flag = '>';
    header.length = 1 << 20;
    rs_fake_usbmon_add(bus.fake, &header, data);
    run(&bus);
    g_assert_true(bus.source->ops->peek(bus.source, &record));
    g_assert_cmpuint(record.captured, ==, HEADER + 100);
    g_assert_cmpuint(record.original, ==, HEADER + (1 << 20));
    bus.source->ops->consume(bus.source);
    g_assert_true(bus.source->ops->peek(bus.source, &record));
    g_assert_cmpuint(record.original, ==, HEADER);
    tear_down(&bus);
}

/* What the kernel dropped, what we had no room for, and halves that are missing, are counted. */
static void
losses(void)
{
    guint8 data[60000] = { 0 };
    struct rs_usbmon_header header = event(1, 'S', sizeof data);
    struct rs_counts counts = { 0 };
    struct bus bus;

    set_up(&bus, TRUE, 1 << 19);
    for (guint i = 0; i < 30; i++) /* of which 20 fit, and ours takes 8 */
        rs_fake_usbmon_add(bus.fake, &header, data);
    run(&bus);
    bus.source->ops->count(bus.source, &counts);
    g_assert_cmpuint(counts.dropped, ==, 10);
    g_assert_cmpuint(counts.received, ==, 30);
    g_assert_cmpuint(counts.full, ==, 12);
    g_assert_cmpuint(counts.unpaired, ==, 19);
    g_assert_cmpuint(count_records(&bus), ==, 8);
    tear_down(&bus);
}

/* A bus without a device of Apple's gives nothing, until the answer that names one comes: then it
 * gives what was before it too. */
static void
arming(void)
{
    static const guint8 keyboard[18] = { 18, 1, 0, 2, 0, 0, 0, 64, 0x6D, 0x04 };
    static const guint8 phone[18] = { 18, 1, 0, 2, 0, 0, 0, 64, 0xAC, 0x05 };
    struct rs_usbmon_header header = event(1, 'C', sizeof keyboard);
    struct bus bus;

    set_up(&bus, FALSE, OUR_RING);
    bus.source->ops->start(bus.source);
    header.transfer = CONTROL;
    rs_fake_usbmon_add(bus.fake, &header, keyboard);
    rs_fake_usbmon_wait_empty(bus.fake);
    g_assert_false(rs_usbmon_is_armed(bus.source));
    g_assert_cmpuint(count_records(&bus), ==, 0);
    rs_fake_usbmon_add(bus.fake, &header, phone);
    rs_fake_usbmon_wait_empty(bus.fake);
    bus.source->ops->stop(bus.source);
    g_assert_true(rs_usbmon_is_armed(bus.source));
    g_assert_cmpuint(count_records(&bus), ==, 2);
    tear_down(&bus);
}

/* A bus that goes away ends the source, with what it had. */
static void
gone(void)
{
    const struct rs_usbmon_header header = event(1, 'S', 0);
    struct bus bus;

    set_up(&bus, TRUE, OUR_RING);
    rs_fake_usbmon_add(bus.fake, &header, NULL);
    bus.source->ops->start(bus.source);
    rs_fake_usbmon_wait_empty(bus.fake);
    rs_fake_usbmon_fail(bus.fake, ENODEV);
    while (!g_atomic_int_get(&bus.source->is_gone))
        g_thread_yield();
    g_assert_false(bus.source->ops->is_live(bus.source));
    g_assert_cmpuint(count_records(&bus), ==, 1);
    tear_down(&bus);
}

/* A bus that has left is only silent. */
static void
left(void)
{
    const struct rs_usbmon_header header = event(1, 'S', 0);
    struct bus bus;

    set_up(&bus, TRUE, OUR_RING);
    rs_fake_usbmon_add(bus.fake, &header, NULL);
    bus.source->ops->start(bus.source);
    rs_fake_usbmon_leave(bus.fake);
    while (!g_atomic_int_get(&bus.source->is_gone))
        g_thread_yield();
    g_assert_cmpuint(count_records(&bus), ==, 1);
    tear_down(&bus);
}

/* A source for a bus to come has nothing, hinders nobody, and is as any other from then on. */
static void
comes_later(void)
{
    const struct rs_usbmon_options options = { .comes_later = TRUE,
                                               .payload = RS_PAYLOAD_ALL,
                                               .ring_bytes = OUR_RING };
    const struct rs_usbmon_header header = event(1, 'S', 0);
    g_autoptr(GError) error = NULL;
    struct rs_record record;
    struct bus bus = { .fake = rs_fake_usbmon_new(KERNEL_RING) };

    bus.device = rs_fake_usbmon_device(bus.fake);
    bus.source = rs_usbmon_new(&options, &bus.device, &error);
    bus.source->ops->start(bus.source);
    g_assert_true(rs_usbmon_is_vacant(bus.source));
    g_assert_cmpuint(rs_usbmon_bus(bus.source), ==, 0);
    g_assert_false(bus.source->ops->peek(bus.source, &record));
    g_assert_false(bus.source->ops->is_live(bus.source));
    rs_fake_usbmon_fail(bus.fake, EACCES);
    g_assert_false(rs_usbmon_open_later(bus.source, 7, &error));
    g_assert_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_SOURCE);
    g_clear_error(&error);
    rs_fake_usbmon_fail(bus.fake, 0);
    g_assert_true(rs_usbmon_open_later(bus.source, 7, &error));
    g_assert_cmpuint(rs_usbmon_bus(bus.source), ==, 7);
    g_assert_cmpstr(bus.source->interface.name, ==, "usbmon7");
    rs_usbmon_arm(bus.source);
    g_assert_true(bus.source->ops->is_live(bus.source));
    rs_fake_usbmon_add(bus.fake, &header, NULL);
    rs_fake_usbmon_wait_empty(bus.fake);
    bus.source->ops->stop(bus.source);
    g_assert_cmpuint(count_records(&bus), ==, 1);
    tear_down(&bus);
}

/* The kernel's memory is nobody else's. */
static void
small_memory(void)
{
    const struct rs_usbmon_options options = { .bus = 3,
                                               .ring_bytes = OUR_RING,
                                               .kernel_bytes = 5 << 20 };
    rs_fake_usbmon *fake = rs_fake_usbmon_new(64 << 20);
    const struct rs_usbmon_device device = rs_fake_usbmon_device(fake);
    rs_source *source = rs_usbmon_new(&options, &device, NULL);

    g_assert_cmpuint(rs_fake_usbmon_ring(fake), ==, 4 << 20);
    source->ops->free(source);
    rs_fake_usbmon_free(fake);
}

static void
refused(void)
{
    const struct rs_usbmon_options options = { .bus = 3, .ring_bytes = OUR_RING };
    rs_fake_usbmon *fake = rs_fake_usbmon_new(KERNEL_RING);
    const struct rs_usbmon_device device = rs_fake_usbmon_device(fake);
    g_autoptr(GError) error = NULL;

    rs_fake_usbmon_fail(fake, EACCES);
    g_assert_null(rs_usbmon_new(&options, &device, &error));
    g_assert_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_SOURCE);
    g_assert_nonnull(strstr(error->message, "as root"));
    rs_fake_usbmon_free(fake);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/usbmon/ring-size", ring_size);
    g_test_add_func("/usbmon/order", order);
    g_test_add_func("/usbmon/original-length", original_length);
    g_test_add_func("/usbmon/losses", losses);
    g_test_add_func("/usbmon/arming", arming);
    g_test_add_func("/usbmon/gone", gone);
    g_test_add_func("/usbmon/left", left);
    g_test_add_func("/usbmon/comes-later", comes_later);
    g_test_add_func("/usbmon/small-memory", small_memory);
    g_test_add_func("/usbmon/refused", refused);
    return g_test_run();
}
