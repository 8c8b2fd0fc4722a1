/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Buses that come and go, with made-up ones. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/sources/usbmon.h"
#include "capture/watch.h"
#include "tests/unit/capture/fake_usbmon.h"

enum { KERNEL_RING = 1200 << 10, OUR_RING = 1 << 24 };

struct place {
    char *folder, *file;
    rs_fake_usbmon *fake;
    struct rs_usbmon_device device;
    rs_messages *messages;
    GPtrArray *sources;
    GString *said;
    rs_watch *watch;
};

static void
hear(void *data, const char *text)
{
    g_string_append_printf((GString *)data, "%s\n", text);
}

static void
set_up(struct place *place)
{
    const struct rs_usbmon_options options = { .comes_later = TRUE, .ring_bytes = OUR_RING };

    place->folder = g_dir_make_tmp("watch.XXXXXX", NULL);
    place->file = g_build_filename(place->folder, "usbmon7", NULL);
    place->fake = rs_fake_usbmon_new(KERNEL_RING);
    place->device = rs_fake_usbmon_device(place->fake);
    place->messages = rs_messages_new();
    place->sources = g_ptr_array_new();
    for (int i = 0; i < 2; i++)
        g_ptr_array_add(place->sources, rs_usbmon_new(&options, &place->device, NULL));
    place->said = g_string_new(NULL);
    place->watch = rs_watch_new(place->folder, place->folder, place->sources, place->messages, hear,
                                place->said);
}

static rs_source *
source(const struct place *place, guint i)
{
    return (rs_source *)place->sources->pdata[i];
}

static void
tear_down(struct place *place)
{
    rs_watch_free(place->watch);
    for (guint i = 0; i < place->sources->len; i++)
        source(place, i)->ops->free(source(place, i));
    g_ptr_array_unref(place->sources);
    g_string_free(place->said, TRUE);
    rs_messages_free(place->messages);
    rs_fake_usbmon_free(place->fake);
    g_unlink(place->file);
    g_rmdir(place->folder);
    g_free(place->file);
    g_free(place->folder);
}

static void
make_file(const struct place *place)
{
    g_unlink(place->file);
    close(g_creat(place->file, 0600));
}

/* A file that comes is a bus; the same number once more is another one. */
static void
comes(void)
{
    struct place place;

    set_up(&place);
    rs_watch_look(place.watch);
    g_assert_true(rs_usbmon_is_vacant(source(&place, 0)));
    make_file(&place);
    rs_watch_look(place.watch);
    g_assert_cmpuint(rs_usbmon_bus(source(&place, 0)), ==, 7);
    g_chmod(place.file, 0640);
    rs_watch_look(place.watch);
    g_assert_true(rs_usbmon_is_vacant(source(&place, 1)));
    make_file(&place);
    rs_watch_look(place.watch);
    g_assert_cmpuint(rs_usbmon_bus(source(&place, 1)), ==, 7);
    tear_down(&place);
}

/* The driver comes after the file: tried again, and nothing is said. */
static void
comes_late(void)
{
    struct place place;

    set_up(&place);
    rs_fake_usbmon_fail(place.fake, ENODEV);
    make_file(&place);
    rs_watch_look(place.watch);
    g_assert_true(rs_usbmon_is_vacant(source(&place, 0)));
    rs_fake_usbmon_fail(place.fake, 0);
    rs_watch_look(place.watch);
    g_assert_cmpuint(rs_usbmon_bus(source(&place, 0)), ==, 7);
    g_assert_cmpstr(place.said->str, ==, "");
    tear_down(&place);
}

/* Of a file that is gone again nothing is wanted any more. */
static void
comes_and_goes(void)
{
    struct place place;

    set_up(&place);
    make_file(&place);
    g_unlink(place.file);
    rs_watch_look(place.watch);
    make_file(&place);
    g_unlink(place.file);
    rs_watch_look(place.watch);
    g_assert_true(rs_usbmon_is_vacant(source(&place, 0)));
    g_assert_cmpstr(place.said->str, ==, "");
    tear_down(&place);
}

/* What leaves is told, in the recording too. */
static void
leaves(void)
{
    struct place place;
    struct rs_record record;
    rs_source *messages;
    g_autofree char *last = NULL;

    set_up(&place);
    make_file(&place);
    rs_watch_look(place.watch);
    g_atomic_int_set(&source(&place, 0)->is_gone, 1);
    rs_watch_free(place.watch);
    place.watch =
        rs_watch_new(place.folder, place.folder, place.sources, place.messages, hear, place.said);
    rs_watch_look(place.watch);
    g_assert_cmpstr(place.said->str, ==, "'usbmon7' is gone\n");
    messages = rs_messages_source(place.messages);
    while (messages->ops->peek(messages, &record)) {
        g_free(last);
        last = g_strndup((const char *)record.data, record.captured);
        messages->ops->consume(messages);
    }
    g_assert_nonnull(strstr(last, "MESSAGE='usbmon7' is gone\n"));
    tear_down(&place);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/watch/comes", comes);
    g_test_add_func("/watch/comes-late", comes_late);
    g_test_add_func("/watch/comes-and-goes", comes_and_goes);
    g_test_add_func("/watch/leaves", leaves);
    return g_test_run();
}
