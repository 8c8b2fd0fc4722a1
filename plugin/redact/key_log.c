/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lines "LABEL RANDOM SECRET": the IETF's draft draft-ietf-tls-keylogfile. */
#include <string.h>

#include "plugin/redact/key_log.h"

enum { MAX_CONNECTIONS = 100000 };

struct rs_key_log {
    GHashTable *by_random; /* 64 lower case digits -> struct rs_secrets */
};

static const char *const labels[RS_N_SECRETS] = {
    [RS_SECRET_MASTER] = "CLIENT_RANDOM",
    [RS_SECRET_CLIENT_HANDSHAKE] = "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
    [RS_SECRET_SERVER_HANDSHAKE] = "SERVER_HANDSHAKE_TRAFFIC_SECRET",
    [RS_SECRET_CLIENT_TRAFFIC] = "CLIENT_TRAFFIC_SECRET_0",
    [RS_SECRET_SERVER_TRAFFIC] = "SERVER_TRAFFIC_SECRET_0",
};

rs_key_log *
rs_key_log_new(void)
{
    rs_key_log *log = g_new0(rs_key_log, 1);

    log->by_random = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return log;
}

void
rs_key_log_free(rs_key_log *log)
{
    if (!log)
        return;
    g_hash_table_unref(log->by_random);
    g_free(log);
}

gboolean
rs_key_log_is_empty(const rs_key_log *log)
{
    return g_hash_table_size(log->by_random) == 0;
}

/* Hexadecimal digits to at most max bytes; 0 when it is anything else. */
static gsize
read_hex(const char *digits, guint8 *ret_bytes, gsize max)
{
    const gsize length = strlen(digits) / 2;

    if (strlen(digits) % 2 || length > max)
        return 0;
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isxdigit(digits[2 * i]) || !g_ascii_isxdigit(digits[2 * i + 1]))
            return 0;
        ret_bytes[i] = (guint8)(g_ascii_xdigit_value(digits[2 * i]) << 4 |
                                g_ascii_xdigit_value(digits[2 * i + 1]));
    }
    return length;
}

/* The number of a label, or -1. */
static int
find_label(const char *label)
{
    for (int i = 0; i < RS_N_SECRETS; i++) {
        if (g_str_equal(labels[i], label))
            return i;
    }
    return -1;
}

/* The words of a line, or NULL when they are not three and the first a label we use. */
static char **
split_line(const char *line, gsize length, int *ret_label)
{
    g_autofree char *text = g_strndup(line, length);
    g_auto(GStrv) words = NULL;

    g_strstrip(text);
    words = g_strsplit(text, " ", 4);
    if (g_strv_length(words) != 3)
        return NULL;
    *ret_label = find_label(words[0]);
    return *ret_label >= 0 ? g_steal_pointer(&words) : NULL;
}

static void
add_line(rs_key_log *log, const char *line, gsize length)
{
    int label;
    g_auto(GStrv) words = split_line(line, length, &label);
    g_autofree char *random = words ? g_ascii_strdown(words[1], -1) : NULL;
    struct rs_secrets *secrets;

    if (!random || g_hash_table_size(log->by_random) >= MAX_CONNECTIONS)
        return;
    secrets = g_hash_table_lookup(log->by_random, random);
    if (!secrets) {
        secrets = g_new0(struct rs_secrets, 1);
        g_hash_table_insert(log->by_random, g_steal_pointer(&random), secrets);
    }
    secrets->size[label] = read_hex(words[2], secrets->secret[label], RS_TLS_SECRET_MAX);
}

static gsize
line_length(const char *text, gsize left)
{
    const char *end = memchr(text, '\n', left);

    return end ? (gsize)(end - text) + 1 : left;
}

void
rs_key_log_add(rs_key_log *log, const char *text, gsize length)
{
    for (gsize at = 0, n; at < length; at += n) {
        n = line_length(text + at, length - at);
        add_line(log, text + at, n);
    }
}

static struct rs_secrets *
find_text(const rs_key_log *log, const char *random)
{
    g_autofree char *lower = g_ascii_strdown(random, -1);

    return g_hash_table_lookup(log->by_random, lower);
}

struct rs_secrets *
rs_key_log_find(const rs_key_log *log, const guint8 random[RS_TLS_RANDOM])
{
    char digits[2 * RS_TLS_RANDOM + 1];

    for (gsize i = 0; i < RS_TLS_RANDOM; i++)
        g_snprintf(digits + 2 * i, 3, "%02x", random[i]);
    return g_hash_table_lookup(log->by_random, digits);
}

static gboolean
line_stays(const rs_key_log *log, const char *line, gsize length)
{
    int label;
    g_auto(GStrv) words = split_line(line, length, &label);
    const struct rs_secrets *secrets = words ? find_text(log, words[1]) : NULL;

    return secrets && secrets->redone && !secrets->failed;
}

guint
rs_key_log_scrub(const rs_key_log *log, char *text, gsize length)
{
    guint gone = 0;

    for (gsize at = 0, n; at < length; at += n) {
        n = line_length(text + at, length - at);
        if (line_stays(log, text + at, n))
            continue;
        for (gsize i = at; i < at + n; i++) {
            if (text[i] != '\n' && text[i] != '\r')
                text[i] = '#';
        }
        gone++;
    }
    return gone;
}
