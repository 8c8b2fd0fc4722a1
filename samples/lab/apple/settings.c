/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Settings of the servers. A change goes before the scenario; whoever asks next gets it. */
#include "samples/lab/apple/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096 };

struct apple_settings {
    const lab_scenario_t *scenario;
    GHashTable *changes; /* "group.key" -> value */
    GHashTable *used;    /* "group.key" -> entries of the list given out */
    GString *pending;    /* of the FIFO, no whole line yet */
    char *fifo;
    int fd;
    guint watch;
    void (*changed)(void *user);
    void *user;
};

apple_settings_t *
apple_settings_new(const lab_scenario_t *scenario)
{
    apple_settings_t *s = g_new0(apple_settings_t, 1);

    s->scenario = scenario;
    s->changes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    s->used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    s->pending = g_string_new(NULL);
    s->fd = -1;
    return s;
}

void
apple_settings_free(apple_settings_t *s)
{
    if (!s)
        return;
    if (s->watch)
        g_source_remove(s->watch);
    if (s->fd >= 0)
        close(s->fd);
    if (s->fifo)
        unlink(s->fifo);
    g_hash_table_destroy(s->changes);
    g_hash_table_destroy(s->used);
    g_string_free(s->pending, TRUE);
    g_free(s->fifo);
    g_free(s);
}

const char *
apple_settings_get(const apple_settings_t *s, const char *group, const char *key,
                   const char *fallback)
{
    g_autofree char *name = g_strdup_printf("%s.%s", group, key);
    const char *changed = g_hash_table_lookup(s->changes, name);

    return changed ? changed : lab_scenario_get(s->scenario, group, key, fallback);
}

gint64
apple_settings_int(const apple_settings_t *s, const char *group, const char *key, gint64 fallback)
{
    const char *text = apple_settings_get(s, group, key, NULL);
    char *end = NULL;
    gint64 value = text ? g_ascii_strtoll(text, &end, 0) : 0;

    return text && end != text ? value : fallback;
}

char *
apple_settings_next(apple_settings_t *s, const char *group, const char *key, const char *fallback)
{
    g_autofree char *name = g_strdup_printf("%s.%s", group, key);
    const char *text = apple_settings_get(s, group, key, fallback);
    g_auto(GStrv) list = g_strsplit(text, ";", -1);
    guint used = GPOINTER_TO_UINT(g_hash_table_lookup(s->used, name));
    guint n = g_strv_length(list);

    while (n > 1 && *g_strstrip(list[n - 1]) == '\0') /* "a; b;" */
        n--;
    if (n == 0)
        return g_strdup(fallback);
    g_hash_table_insert(s->used, g_steal_pointer(&name), GUINT_TO_POINTER(used + 1));
    return g_strdup(g_strstrip(list[MIN(used, n - 1)]));
}

bool
apple_settings_change(apple_settings_t *s, const char *line)
{
    static const char *const short_forms[][2] = { { "dns", "network.dns" },
                                                  { "tls", "signing.tls" },
                                                  { "answers", "signing.answers" } };
    g_auto(GStrv) words = g_strsplit(line, " ", 2);
    const char *name = words[0];

    if (!name || !words[1])
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(short_forms); i++)
        if (strcmp(name, short_forms[i][0]) == 0)
            name = short_forms[i][1];
    if (!strchr(name, '.'))
        return false;
    g_hash_table_insert(s->changes, g_strdup(name), g_strdup(g_strstrip(words[1])));
    g_hash_table_remove(s->used, name);
    if (s->changed)
        s->changed(s->user);
    return true;
}

void
apple_settings_watch(apple_settings_t *s, void (*changed)(void *user), void *user)
{
    s->changed = changed;
    s->user = user;
}

static void
take_lines(apple_settings_t *s)
{
    char *end;

    while ((end = memchr(s->pending->str, '\n', s->pending->len)) != NULL) {
        *end = '\0';
        g_printerr("apple: %s: %s\n",
                   apple_settings_change(s, s->pending->str) ? "changed" : "not understood",
                   s->pending->str);
        g_string_erase(s->pending, 0, end - s->pending->str + 1);
    }
    if (s->pending->len > LINE_MAX_BYTES)
        g_string_truncate(s->pending, 0);
}

static gboolean
readable(gint fd, GIOCondition condition, gpointer data)
{
    apple_settings_t *s = data;
    char text[512];
    ssize_t n = read(fd, text, sizeof text);

    (void)condition;
    if (n > 0) {
        g_string_append_len(s->pending, text, n);
        take_lines(s);
    }
    return G_SOURCE_CONTINUE;
}

bool
apple_settings_listen(apple_settings_t *s, const char *path, GError **error)
{
    (void)unlink(path);
    if (mkfifo(path, 0600) == 0) {
        s->fifo = g_strdup(path);
        /* Also a writer of it: it then never ends. */
        s->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    }
    if (s->fd < 0) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                    "cannot make the FIFO '%s': %s", path, g_strerror(errno));
        return false;
    }
    s->watch = g_unix_fd_add(s->fd, G_IO_IN, readable, s);
    return true;
}
