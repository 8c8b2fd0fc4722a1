/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One run of tshark. Its command line is stable where its library is not. Exit statuses and
 * messages: Wireshark 4.0, tshark.c and ui/failure_message.c. */
#include <unistd.h>

#include "plugin/cli/tshark.h"

#include "plugin/cli/child.h"
#include "plugin/cli/cli.h"
#include "plugin/cli/places.h"
#include "plugin/cli/sandbox.h"
#include "plugin/knowledge/json_get.h"
#include "plugin/report/report_json.h"

/* How the wanted line of tshark's output begins. */
#define REPORT_START "{\"schema\":\"restorescope.diagnosis/"

/* How tshark calls what it reads from stdin. */
#define STDIN_NAME "The standard input "

struct rs_tshark {
    rs_sandbox *sandbox;
    char *program;
    char *keylog;
    char *rules;
    char **envp;
};

/* All that tshark gets of our environment: where programs are, and what a sanitizer needs. */
static const char *const inherited[] = {
    "PATH",         "LD_LIBRARY_PATH", "LD_PRELOAD",   "ASAN_OPTIONS",
    "LSAN_OPTIONS", "UBSAN_OPTIONS",   "TSAN_OPTIONS", "GCOV_PREFIX",
};

static char **
make_environment(const rs_tshark *tshark, const char *plugins, const char *data)
{
    const char *home = rs_sandbox_home(tshark->sandbox);
    char **envp = g_new0(char *, 1);

    for (gsize i = 0; i < G_N_ELEMENTS(inherited); i++) {
        const char *value = g_getenv(inherited[i]);

        if (value)
            envp = g_environ_setenv(envp, inherited[i], value, TRUE);
    }
    envp = g_environ_setenv(envp, "HOME", home, TRUE);
    envp = g_environ_setenv(envp, "TMPDIR", home, TRUE);
    envp = g_environ_setenv(envp, "WIRESHARK_CONFIG_DIR", home, TRUE);
    envp = g_environ_setenv(envp, "WIRESHARK_PLUGIN_DIR", plugins, TRUE);
    envp = g_environ_setenv(envp, "RESTORESCOPE_DATA_DIR", data, TRUE);
    envp = g_environ_setenv(envp, "LC_ALL", "C", TRUE);
    return g_environ_setenv(envp, "TZ", "UTC", TRUE);
}

/* What the user named must be readable; that it is not is his to hear. */
static gboolean
check_readable(const char *path, const char *what, GError **error)
{
    if (!path || access(path, R_OK) == 0)
        return TRUE;
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_READ, "cannot read the %s '%s': %s", what, path,
                g_strerror(errno));
    return FALSE;
}

static gboolean
admit_all(rs_tshark *tshark, const char *keylog, const char *rules, GError **error)
{
    g_autofree char *plugins = rs_places_plugins(error);
    g_autofree char *data = plugins ? rs_places_data(error) : NULL;
    g_autofree char *plugins_seen = NULL;
    g_autofree char *data_seen = NULL;

    if (!data)
        return FALSE;
    plugins_seen = rs_sandbox_admit(tshark->sandbox, plugins, "plugins", NULL, error);
    data_seen = plugins_seen ? rs_sandbox_admit(tshark->sandbox, data, "data", NULL, error) : NULL;
    if (!data_seen)
        return FALSE;
    if (keylog &&
        !(tshark->keylog = rs_sandbox_admit(tshark->sandbox, keylog, "keys", NULL, error)))
        return FALSE;
    if (rules &&
        !(tshark->rules = rs_sandbox_admit(tshark->sandbox, rules, "rules", ".rules", error)))
        return FALSE;
    tshark->envp = make_environment(tshark, plugins_seen, data_seen);
    return TRUE;
}

rs_tshark *
rs_tshark_new(const char *keylog, const char *rules, GError **error)
{
    g_autoptr(rs_tshark) tshark = g_new0(rs_tshark, 1);

    if (!check_readable(keylog, "key log", error) || !check_readable(rules, "rules", error))
        return NULL;
    tshark->program = rs_places_tshark(error);
    tshark->sandbox = tshark->program ? rs_sandbox_new(error) : NULL;
    if (!tshark->sandbox || !admit_all(tshark, keylog, rules, error))
        return NULL;
    return g_steal_pointer(&tshark);
}

void
rs_tshark_free(rs_tshark *tshark)
{
    if (!tshark)
        return;
    rs_sandbox_free(tshark->sandbox);
    g_strfreev(tshark->envp);
    g_free(tshark->program);
    g_free(tshark->keylog);
    g_free(tshark->rules);
    g_free(tshark);
}

const char *
rs_tshark_make_keylog(rs_tshark *tshark, GError **error)
{
    g_free(tshark->keylog);
    tshark->keylog = rs_sandbox_make_file(tshark->sandbox, "new-keys", error);
    return tshark->keylog;
}

static GPtrArray *
make_arguments(const rs_tshark *tshark, const char *what)
{
    static const char *const fixed[] = { "-n", "-q", "-r", "-", "-z" };
    GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(argv, g_strdup(tshark->program));
    for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++)
        g_ptr_array_add(argv, g_strdup(fixed[i]));
    g_ptr_array_add(argv, g_strdup(what));
    if (tshark->keylog) {
        g_ptr_array_add(argv, g_strdup("-o"));
        g_ptr_array_add(argv, g_strconcat("tls.keylog_file:", tshark->keylog, NULL));
    }
    if (tshark->rules) {
        g_ptr_array_add(argv, g_strdup("-o"));
        g_ptr_array_add(argv, g_strconcat("restore.rules_dir:", tshark->rules, NULL));
    }
    g_ptr_array_add(argv, NULL);
    return argv;
}

/* What tshark complained of, without its name, ours for the file, and the full stop. */
static char *
complaint(const char *err)
{
    g_auto(GStrv) lines = g_strsplit(err, "\n", -1);

    for (char **line = lines; *line; line++) {
        const char *text = *line;
        gsize length;

        if (!g_str_has_prefix(text, "tshark: "))
            continue;
        text += strlen("tshark: ");
        if (g_str_has_prefix(text, STDIN_NAME))
            text += strlen(STDIN_NAME);
        length = strlen(text);
        return g_strndup(text, length > 0 && text[length - 1] == '.' ? length - 1 : length);
    }
    return NULL;
}

static JsonObject *
find_report(const GString *out, GError **error)
{
    const char *start =
        g_str_has_prefix(out->str, REPORT_START) ? out->str : strstr(out->str, "\n" REPORT_START);
    const char *end;
    g_autofree char *line = NULL;

    if (!start)
        return NULL;
    start += *start == '\n';
    end = strchr(start, '\n');
    line = g_utf8_make_valid(start, end ? end - start : -1);
    return rs_json_parse(line, -1, error);
}

/* How tshark ends when it cannot open a file: in 4.0, and since 4.2. */
enum { UNREADABLE = 2, UNREADABLE_LATER = 3 };

/* tshark ended without a report: whose fault is it? */
static void
explain_failure(const struct rs_child_result *result, const char *name, GError **error)
{
    g_autofree char *said = complaint(result->err->str);

    if (result->status < 0)
        g_set_error(error, RS_CHILD_ERROR, RS_CHILD_ERROR_INPUT,
                    "'%s': tshark was ended by signal %d (%s)", name, -result->status,
                    g_strsignal(-result->status));
    else if (strstr(result->err->str, "nvalid -z argument") ||
             strstr(result->err->str, "unknown preference"))
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "tshark did not load the plugin%s",
                    getuid() != 0 && getgid() == 0
                        ? ": it refuses plugins to processes of the group root"
                        : "");
    else if (said && (result->status == UNREADABLE || result->status == UNREADABLE_LATER))
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_READ, "cannot read '%s': it %s", name, said);
    else
        g_set_error(error, RS_CHILD_ERROR, RS_CHILD_ERROR_INPUT,
                    "'%s': tshark ended with status %d: %s", name, result->status,
                    said ? said : "it gave no reason");
}

static struct rs_child
make_child(const rs_tshark *tshark, const GPtrArray *argv, int fd)
{
    return (struct rs_child){
        .argv = (const char *const *)argv->pdata,
        .envp = (const char *const *)tshark->envp,
        .folder = rs_sandbox_home(tshark->sandbox),
        .stdin_fd = fd,
        .drops_root = rs_sandbox_drops_root(tshark->sandbox),
    };
}

/* The report in what tshark printed; clears the result. */
static JsonObject *
take_report(struct rs_child_result *result, const char *name, char **ret_warning, GError **error)
{
    g_autoptr(GError) broken = NULL;
    JsonObject *report = find_report(result->out, &broken);

    if (report)
        *ret_warning = result->status != 0 ? complaint(result->err->str) : NULL;
    else if (broken)
        g_set_error(error, RS_CHILD_ERROR, RS_CHILD_ERROR_INPUT,
                    "'%s': tshark printed a broken report: %s", name, broken->message);
    else
        explain_failure(result, name, error);
    rs_child_result_clear(result);
    return report;
}

JsonObject *
rs_tshark_run(rs_tshark *tshark, int fd, const char *name, gint64 until_us, char **ret_warning,
              GError **error)
{
    g_autofree char *what = until_us > 0
                                ? g_strdup_printf("restore,json,%" G_GINT64_FORMAT, until_us)
                                : g_strdup("restore,json");
    g_autoptr(GPtrArray) argv = make_arguments(tshark, what);
    const struct rs_child child = make_child(tshark, argv, fd);
    struct rs_child_result result;

    return rs_child_run(&child, &result, error) ? take_report(&result, name, ret_warning, error)
                                                : NULL;
}

JsonObject *
rs_tshark_follow(rs_tshark *tshark, struct rs_stream *stream, const char *name, char **ret_warning,
                 GError **error)
{
    g_autoptr(GPtrArray) argv = make_arguments(tshark, "restore,live");
    struct rs_child child = make_child(tshark, argv, -1);
    struct rs_child_result result;

    child.is_apart = TRUE;
    return rs_stream_run(&child, stream, &result, error)
               ? take_report(&result, name, ret_warning, error)
               : NULL;
}

GString *
rs_tshark_print(rs_tshark *tshark, int fd, const char *name, const char *what, const char *end,
                GError **error)
{
    g_autoptr(GPtrArray) argv = make_arguments(tshark, what);
    const struct rs_child child = make_child(tshark, argv, fd);
    struct rs_child_result result;
    GString *printed = NULL;

    if (!rs_child_run(&child, &result, error))
        return NULL;
    if (strstr(result.out->str, end))
        printed = g_steal_pointer(&result.out);
    else
        explain_failure(&result, name, error);
    rs_child_result_clear(&result);
    return printed;
}

char *
rs_tshark_version(const char *program)
{
    const char *const argv[] = { program, "--version", NULL };
    const char *const envp[] = { "LC_ALL=C", NULL };
    const struct rs_child child = { .argv = argv, .envp = envp, .stdin_fd = -1 };
    g_autoptr(GRegex) regex = g_regex_new("^TShark \\(Wireshark\\) ([0-9.]+)", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    struct rs_child_result result;
    char *version = NULL;

    if (!rs_child_run(&child, &result, NULL))
        return NULL;
    if (g_regex_match(regex, result.out->str, 0, &match))
        version = g_match_info_fetch(match, 1);
    rs_child_result_clear(&result);
    return version;
}
