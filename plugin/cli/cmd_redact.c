/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorescope redact: a copy of a capture that names nobody, and still tells what went wrong. */
#include <errno.h>
#include <sys/random.h>

#include "plugin/cli/analyse.h"
#include "plugin/cli/cli.h"
#include "plugin/cli/command.h"
#include "plugin/cli/redact_collect.h"
#include "plugin/cli/redact_file.h"
#include "plugin/cli/redact_proof.h"
#include "plugin/redact/redact.h"

enum { KEYLOG_MAX = 64 << 20, KEY_FILE_MAX = 1 << 20 };

struct redact {
    struct rs_analysis analysis;
    const char *key; /* a file, or NULL */
    gboolean force;
    rs_identifiers *ids;
    rs_key_log *log;
    guint8 secret[RS_ID_KEY_SIZE];
};

static gboolean
read_small(const char *path, const char *what, gsize max, char **ret_text, gsize *ret_length,
           GError **error)
{
    g_autoptr(GError) cause = NULL;

    if (!g_file_get_contents(path, ret_text, ret_length, &cause)) {
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_READ, "cannot read the %s: %s", what,
                    cause->message);
        return FALSE;
    }
    if (*ret_length > 0 && *ret_length <= max)
        return TRUE;
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_READ, "the %s '%s' is %s", what, path,
                *ret_length ? "too long" : "empty");
    g_clear_pointer(ret_text, g_free);
    return FALSE;
}

/* What pseudonyms depend on: a file of the user's, or chance. */
static gboolean
make_secret(struct redact *redact, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *text = NULL;
    gsize length, size = RS_ID_KEY_SIZE;

    if (!redact->key) {
        if (getrandom(redact->secret, size, 0) == (gssize)size)
            return TRUE;
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "no random numbers: %s",
                    g_strerror(errno));
        return FALSE;
    }
    if (!read_small(redact->key, "key", KEY_FILE_MAX, &text, &length, error))
        return FALSE;
    g_checksum_update(sum, (const guchar *)text, (gssize)length);
    g_checksum_get_digest(sum, redact->secret, &size);
    return TRUE;
}

static gboolean
read_keylog(struct redact *redact, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;

    if (!redact->analysis.keylog)
        return TRUE;
    if (!read_small(redact->analysis.keylog, "key log", KEYLOG_MAX, &text, &length, error))
        return FALSE;
    rs_key_log_add(redact->log, text, length);
    return TRUE;
}

static void
add_kinds(GString *out, const struct redact *redact, const struct rs_redaction *redaction)
{
    const GPtrArray *list = rs_identifiers_list(redact->ids);
    guint n[RS_N_ID_KINDS] = { 0 };

    for (guint i = 0; i < list->len; i++) {
        const struct rs_identifier *id = g_ptr_array_index(list, i);

        n[id->kind] += id->kind != RS_ID_IPV6 || id->form == RS_ID_HEX; /* each has both forms */
    }
    for (guint kind = 0; kind < RS_N_ID_KINDS; kind++) {
        if (redaction->replaced[kind])
            g_string_append_printf(out, "  %-38s %u in %" G_GUINT64_FORMAT " place%s\n",
                                   rs_id_kind_text(kind), n[kind], redaction->replaced[kind],
                                   redaction->replaced[kind] == 1 ? "" : "s");
    }
}

/* One line of the report, when there is anything to tell. */
static void
add_count(GString *out, guint64 n, const char *what)
{
    if (n)
        g_string_append_printf(out, "  %-38s %" G_GUINT64_FORMAT "\n", what, n);
}

static char *
summary(const struct redact *redact, const char *to, const struct rs_redaction *redaction,
        JsonObject *report)
{
    g_autofree char *verdict = rs_redact_verdict(report);
    GString *out = g_string_new(NULL);

    g_string_append_printf(out, "%s: redacted, the verdict is the same (%s)\n\n", to, verdict);
    add_kinds(out, redact, redaction);
    add_count(out, redaction->tls_connections, "TLS connections redacted inside");
    add_count(out, redaction->tls_blanked, "TLS records that do not open, zeroed");
    add_count(out, redaction->secrets_removed, "lines of TLS secrets removed");
    add_count(out, redaction->cut_off, "bytes behind the last packet, zeroed");
    return g_string_free(out, FALSE);
}

static gboolean
refuse(GError **error, const char *from, const char *why)
{
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "'%s' was not redacted: %s", from, why);
    return FALSE;
}

/* Nothing of what was found in the capture may be found in the copy: by bytes, and by dissectors.
 */
static gboolean
check_leftovers(struct redact *redact, rs_tshark *tshark, const rs_redact_file *file,
                const char *from, GError **error)
{
    g_autoptr(rs_identifiers) after = rs_identifiers_new(redact->secret);
    g_autofree char *why = NULL;
    guint64 n = rs_redact_leftovers(rs_redact_file_now(file), rs_redact_file_size(file),
                                    redact->ids, redact->log);

    if (rs_identifiers_list(redact->ids)->len >= RS_ID_MAX)
        return refuse(error, from, "it holds too many identifiers");
    if (n == 0 && !rs_redact_collect(tshark, rs_redact_file_path(file), from, after, error))
        return FALSE;
    n = n ? n : rs_redact_common(redact->ids, after);
    if (n == 0)
        return TRUE;
    why = g_strdup_printf("%" G_GUINT64_FORMAT " identifiers would be left in it", n);
    return refuse(error, from, why);
}

static gboolean
check_verdict(struct redact *redact, rs_tshark *tshark, const rs_redact_file *file,
              const char *from, JsonObject *before, GError **error)
{
    g_autofree char *damage = NULL;
    g_autoptr(JsonObject) after =
        rs_analyse_quietly(&redact->analysis, tshark, rs_redact_file_path(file), &damage, error);
    g_autofree char *change = after ? rs_redact_difference(before, after) : NULL;
    g_autofree char *why = NULL;

    if (!after)
        return FALSE;
    if (!change)
        return TRUE;
    why = g_strdup_printf("the verdict would change: %s", change);
    return refuse(error, from, why);
}

static gboolean
redact_bytes(struct redact *redact, const rs_redact_file *file, const char *from,
             struct rs_redaction *ret_redaction, GError **error)
{
    if (rs_redact(rs_redact_file_now(file), rs_redact_file_was(file), rs_redact_file_size(file),
                  redact->ids, redact->log, ret_redaction))
        return TRUE;
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_READ,
                "'%s' is neither pcapng nor pcap; a compressed one must be unpacked first", from);
    return FALSE;
}

static enum rs_exit
redact_file(struct redact *redact, const char *from, const char *to, GError **error)
{
    g_autoptr(rs_redact_file) file = rs_redact_file_new(from, to, redact->force, error);
    g_autoptr(rs_tshark) tshark = file ? rs_analysis_prepare(&redact->analysis, error) : NULL;
    g_autoptr(JsonObject) before =
        tshark ? rs_analyse(&redact->analysis, tshark, from, error) : NULL;
    struct rs_redaction redaction;
    g_autofree char *text = NULL;

    if (!before)
        return RS_EXIT_INTERNAL;
    if (!rs_redact_collect(tshark, from, from, redact->ids, error) ||
        !redact_bytes(redact, file, from, &redaction, error) ||
        !check_leftovers(redact, tshark, file, from, error) ||
        !check_verdict(redact, tshark, file, from, before, error) ||
        !rs_redact_file_keep(file, error))
        return RS_EXIT_INTERNAL;
    text = summary(redact, to, &redaction, before);
    return rs_print(text, error) ? RS_EXIT_OK : RS_EXIT_INTERNAL;
}

static enum rs_exit
run(struct redact *redact, const char *from, const char *to, GError **error)
{
    enum rs_exit status = RS_EXIT_INTERNAL;

    if (!make_secret(redact, error))
        return status;
    redact->ids = rs_identifiers_new(redact->secret);
    redact->log = rs_key_log_new();
    if (read_keylog(redact, error))
        status = redact_file(redact, from, to, error);
    rs_identifiers_free(redact->ids);
    rs_key_log_free(redact->log);
    return status;
}

int
rs_command_redact(int argc, char **argv)
{
    struct redact redact = { .analysis = { .show_ids = TRUE } };
    const struct rs_option options[] = {
        { '\0', "keylog", "FILE", "TLS secrets: what they open is redacted, too", NULL,
          &redact.analysis.keylog },
        { '\0', "rules", "DIR", "rules besides the shipped ones", NULL, &redact.analysis.rules },
        { '\0', "key", "FILE", "any secret file: the same one gives the same pseudonyms", NULL,
          &redact.key },
        { 'f', "force", NULL, "replace OUT when it is there", &redact.force, NULL },
    };
    const struct rs_usage usage = {
        .name = "redact",
        .operands = "IN OUT",
        .about = "Copies a capture with pseudonyms of the same length in place of ECID, UDID,\n"
                 "serial numbers, nonces, names and addresses, and writes OUT only when none of\n"
                 "them is left and the verdict is the same.",
        .options = options,
        .n_options = G_N_ELEMENTS(options),
        .min_operands = 2,
        .max_operands = 2,
    };
    g_autoptr(GPtrArray) files = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    enum rs_exit result;
    gboolean colour;
    int status;

    if (!rs_command_begin(&usage, argc, argv, files, &colour, &status))
        return status;
    for (guint i = 0; i < files->len; i++) {
        if (g_str_equal(g_ptr_array_index(files, i), "-"))
            return (int)rs_complain_usage("redact", "IN and OUT must be files");
    }
    result = run(&redact, g_ptr_array_index(files, 0), g_ptr_array_index(files, 1), &error);
    return (int)(error ? rs_complain_error(error) : result);
}
