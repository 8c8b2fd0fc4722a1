/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * makecap SCRIPT OUT: a capture from a script, for what no recording of ours shows. A line is one
 * step; its words follow the shell's quoting; "#" starts a comment. Commands: the table at the end.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/lib/makecap/bytes.h"
#include "tests/lib/makecap/mux.h"
#include "tests/lib/makecap/net.h"
#include "tests/lib/makecap/usb.h"
#include "tests/lib/makecap/words.h"

struct script {
    pcapng *file;
    net *net;
    mux *mux; /* of the device named last by "mux" */
    guint8 port;
    guint64 last_id;    /* of a lone completion */
    const char *folder; /* of the script */
    guint depth;        /* of "include" */
};

enum { DEPTH_MAX = 4 };

static gboolean run_file(struct script *script, const char *path, GError **error);

/* What a command needs of its line. argv[0] is the command. */
struct line {
    char **argv;
    int argc;
    GError **error;
};

static gboolean
fail(const struct line *line, const char *what)
{
    if (line->error && !*line->error)
        g_set_error(line->error, g_quark_from_static_string("script"), 0, "%s: %s", line->argv[0],
                    what);
    return FALSE;
}

static guint
number(const char *text)
{
    return (guint)g_ascii_strtoull(text, NULL, 0);
}

static gint64
microseconds(const char *text)
{
    return (gint64)(g_ascii_strtod(text, NULL) * (double)G_USEC_PER_SEC + 0.5);
}

/* The data words from argv[first] on; status:N and after:SECONDS go elsewhere. */
static gboolean
read_words(const struct line *line, int first, GByteArray *out, struct usb_transfer *transfer)
{
    for (int i = first; i < line->argc; i++) {
        const char *word = line->argv[i];

        if (transfer && g_str_has_prefix(word, "status:"))
            transfer->status = (gint32)g_ascii_strtoll(word + 7, NULL, 10);
        else if (transfer && g_str_has_prefix(word, "after:"))
            transfer->after_us = microseconds(word + 6);
        else if (!words_append(out, word, line->error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
do_at(struct script *script, const struct line *line)
{
    pcapng_set_time(script->file, microseconds(line->argv[1]));
    return TRUE;
}

static gboolean
do_wait(struct script *script, const struct line *line)
{
    pcapng_set_time(script->file, pcapng_now(script->file) + microseconds(line->argv[1]));
    return TRUE;
}

static gboolean
do_snap(struct script *script, const struct line *line)
{
    pcapng_set_snap(script->file, number(line->argv[1]));
    return TRUE;
}

static gboolean
do_port(struct script *script, const struct line *line)
{
    script->port = (guint8)number(line->argv[1]);
    return TRUE;
}

static gboolean
do_attach(struct script *script, const struct line *line)
{
    usb_attach(script->file, script->port, (guint8)number(line->argv[1]),
               (guint16)number(line->argv[2]), line->argv[3]);
    return TRUE;
}

static gboolean
do_leave(struct script *script, const struct line *line)
{
    (void)line;
    usb_leave(script->file, script->port);
    return TRUE;
}

static gboolean
do_control(struct script *script, const struct line *line)
{
    g_autoptr(GByteArray) data = g_byte_array_new();
    g_autoptr(GByteArray) setup = g_byte_array_new();
    struct usb_transfer transfer = { .address = (guint8)number(line->argv[1]), .data = data };

    if (!read_words(line, 6, data, &transfer))
        return FALSE;
    put_8(setup, number(line->argv[2]));
    put_8(setup, number(line->argv[3]));
    put_le16(setup, number(line->argv[4]));
    put_le16(setup, number(line->argv[5]));
    put_le16(setup, data->len);
    transfer.endpoint = setup->data[0] & 0x80;
    transfer.setup = setup->data;
    usb_transfer(script->file, &transfer);
    return TRUE;
}

static gboolean
do_bulk(struct script *script, const struct line *line)
{
    g_autoptr(GByteArray) data = g_byte_array_new();
    struct usb_transfer transfer = { .address = (guint8)number(line->argv[1]), .data = data };

    transfer.endpoint = (guint8)number(line->argv[2]);
    if (!read_words(line, 3, data, &transfer))
        return FALSE;
    usb_transfer(script->file, &transfer);
    return TRUE;
}

/* A transfer from before the recording, or one that waited: only its completion. */
static gboolean
do_completion(struct script *script, const struct line *line)
{
    struct usb_transfer transfer = { .address = (guint8)number(line->argv[1]) };

    transfer.endpoint = (guint8)number(line->argv[2]);
    transfer.status = (gint32)g_ascii_strtoll(line->argv[3], NULL, 10);
    usb_completion(script->file, &transfer, ++script->last_id);
    return TRUE;
}

static gboolean
do_mux(struct script *script, const struct line *line)
{
    mux_free(script->mux);
    script->mux = mux_new(script->file, (guint8)number(line->argv[1]));
    mux_hello(script->mux);
    return TRUE;
}

static gboolean
do_open(struct script *script, const struct line *line)
{
    if (!script->mux)
        return fail(line, "no 'mux' before it");
    mux_open(script->mux, line->argv[1], (guint16)number(line->argv[2]));
    return TRUE;
}

static gboolean
do_closed(struct script *script, const struct line *line)
{
    if (!script->mux)
        return fail(line, "no 'mux' before it");
    mux_refuse(script->mux, (guint16)number(line->argv[1]));
    return TRUE;
}

static gboolean
send_mux(struct script *script, const struct line *line, gboolean from_host)
{
    g_autoptr(GByteArray) data = g_byte_array_new();

    if (!read_words(line, 2, data, NULL))
        return FALSE;
    return (script->mux && mux_send(script->mux, line->argv[1], from_host, data)) ||
           fail(line, "no such stream");
}

static gboolean
do_host(struct script *script, const struct line *line)
{
    return send_mux(script, line, TRUE);
}

static gboolean
do_device(struct script *script, const struct line *line)
{
    return send_mux(script, line, FALSE);
}

static gboolean
do_reset(struct script *script, const struct line *line)
{
    return (script->mux &&
            mux_reset(script->mux, line->argv[1], g_str_equal(line->argv[2], "host"))) ||
           fail(line, "no such stream");
}

static gboolean
do_window(struct script *script, const struct line *line)
{
    return (script->mux && mux_window(script->mux, line->argv[1], number(line->argv[2]))) ||
           fail(line, "no such stream");
}

static gboolean
do_notice(struct script *script, const struct line *line)
{
    if (!script->mux)
        return fail(line, "no 'mux' before it");
    mux_control(script->mux, number(line->argv[1]), line->argv[2]);
    return TRUE;
}

static gboolean
do_dns(struct script *script, const struct line *line)
{
    net_dns(script->net, line->argv[1], line->argv[2]);
    return TRUE;
}

static gboolean
do_syn(struct script *script, const struct line *line)
{
    return net_syn(script->net, line->argv[1], (guint16)number(line->argv[2])) ||
           fail(line, "no address");
}

static gboolean
do_refused(struct script *script, const struct line *line)
{
    return net_refuse(script->net, line->argv[1], (guint16)number(line->argv[2])) ||
           fail(line, "no address");
}

static gboolean
do_connect(struct script *script, const struct line *line)
{
    return net_connect(script->net, line->argv[1], line->argv[2], (guint16)number(line->argv[3])) ||
           fail(line, "no address");
}

static gboolean
send_net(struct script *script, const struct line *line, gboolean from_host)
{
    g_autoptr(GByteArray) data = g_byte_array_new();

    if (!read_words(line, 2, data, NULL))
        return FALSE;
    return net_send(script->net, line->argv[1], from_host, data) || fail(line, "not connected");
}

static gboolean
do_client(struct script *script, const struct line *line)
{
    return send_net(script, line, TRUE);
}

static gboolean
do_server(struct script *script, const struct line *line)
{
    return send_net(script, line, FALSE);
}

static gboolean
do_end(struct script *script, const struct line *line)
{
    return net_end(script->net, line->argv[1]) || fail(line, "not connected");
}

static gboolean
do_include(struct script *script, const struct line *line)
{
    g_autofree char *path = g_build_filename(script->folder, line->argv[1], NULL);
    gboolean done;

    if (script->depth >= DEPTH_MAX)
        return fail(line, "too deep");
    script->depth++;
    done = run_file(script, path, line->error);
    script->depth--;
    return done;
}

static const struct {
    const char *name;
    gboolean (*run)(struct script *script, const struct line *line);
    int n_words;
    const char *usage;
} commands[] = {
    { "include", do_include, 1, "FILE: in the folder of the first" },
    { "at", do_at, 1, "SECONDS" },
    { "wait", do_wait, 1, "SECONDS" },
    { "snap", do_snap, 1, "BYTES: kept of each later frame; 0: all" },
    { "port", do_port, 1, "NUMBER: of the hub, for attach and leave" },
    { "attach", do_attach, 2, "ADDRESS PRODUCT [SERIAL]" },
    { "leave", do_leave, 0, "" },
    { "control", do_control, 5, "ADDRESS TYPE REQUEST VALUE INDEX DATA... [status:N] [after:S]" },
    { "bulk", do_bulk, 2, "ADDRESS ENDPOINT DATA... [status:N] [after:S]" },
    { "completion", do_completion, 3, "ADDRESS ENDPOINT STATUS" },
    { "mux", do_mux, 1, "ADDRESS: version and setup" },
    { "open", do_open, 2, "STREAM PORT" },
    { "closed", do_closed, 1, "PORT: a SYN and its RST" },
    { "host", do_host, 1, "STREAM DATA..." },
    { "device", do_device, 1, "STREAM DATA..." },
    { "reset", do_reset, 2, "STREAM host|device" },
    { "window", do_window, 2, "STREAM BYTES" },
    { "notice", do_notice, 2, "TYPE TEXT: of the device's mux" },
    { "dns", do_dns, 1, "NAME [ADDRESS|nxdomain]" },
    { "syn", do_syn, 2, "ADDRESS PORT" },
    { "refused", do_refused, 2, "ADDRESS PORT" },
    { "connect", do_connect, 3, "CONNECTION ADDRESS PORT" },
    { "client", do_client, 1, "CONNECTION DATA..." },
    { "server", do_server, 1, "CONNECTION DATA..." },
    { "end", do_end, 1, "CONNECTION" },
};

static gboolean
run_line(struct script *script, const char *text, GError **error)
{
    g_auto(GStrv) argv = NULL;
    struct line line = { .error = error };

    if (*text == '\0' || *text == '#')
        return TRUE;
    if (!g_shell_parse_argv(text, &line.argc, &argv, error))
        return FALSE;
    line.argv = argv;
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (!g_str_equal(argv[0], commands[i].name))
            continue;
        if (line.argc - 1 < commands[i].n_words)
            return fail(&line, commands[i].usage);
        return commands[i].run(script, &line);
    }
    return fail(&line, "no such command");
}

static gboolean
run_file(struct script *script, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, error))
        return FALSE;
    lines = g_strsplit(text, "\n", -1);
    for (guint n = 0; lines[n]; n++) {
        if (run_line(script, lines[n], error))
            continue;
        g_prefix_error(error, "%s:%u: ", path, n + 1);
        return FALSE;
    }
    return TRUE;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = NULL;
    g_autoptr(pcapng) file = pcapng_new();
    struct script script = { .file = file, .net = net_new(file), .port = 1 };

    if (argc != 3) {
        fputs("usage: makecap SCRIPT OUT\n", stderr);
        return 2;
    }
    folder = g_path_get_dirname(argv[1]);
    script.folder = folder;
    if (run_file(&script, argv[1], &error))
        pcapng_save(file, argv[2], &error);
    if (error)
        fprintf(stderr, "%s\n", error->message);
    mux_free(script.mux);
    net_free(script.net);
    return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
