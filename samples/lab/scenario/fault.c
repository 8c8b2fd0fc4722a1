/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Faults of a scenario: reads `at` and `do`, counts steps, tells which actions are due. */
#include "samples/lab/scenario/fault.h"

#include <string.h>

/* For the names of the modes alone; nothing of the phone is called. */
#include "samples/lab/vphone/phone.h"

/* What an action's arguments must look like, a letter each: n number, e negative errno, m mode,
 * w word, t the rest as one text, * any further words; behind "[" they may be missing. */
/* clang-format off */
#define LAB_SHAPES(X)                                                                              \
    X(UNPLUG, "") X(REPLUG, "[nm") X(URB_ERROR, "e[n") X(ERROR_HERE, "e") X(HANG, "[n")            \
    X(SLOW, "n") X(RETURN, "m") X(NO_RETURN, "") X(NO_LEAVE, "") X(LATE, "n") X(STORM, "nn")       \
    X(ENUM_FAIL, "e[n") X(NEIGHBOURS, "") X(WAIT, "n") X(NOTE, "t") X(RUN, "w[*") X(MUTE, "")      \
    X(SILENT, "") X(WINDOW0, "") X(RESET, "[t") X(REFUSE, "") X(LOCKDOWN_ERROR, "w")               \
    X(ANSWER, "wt") X(DROP_ANSWER, "") X(TLS_ALERT, "n") X(DFU_STATE, "nn") X(SAY, "t")
/* clang-format on */

static const struct {
    const char *name, *help;
} steps[] = {
#define ROW(id, name, what) [LAB_STEP_##id] = { name, what },
    LAB_STEPS(ROW)
#undef ROW
}, actions[] = {
#define ROW(id, name, what) [LAB_DO_##id] = { name, what },
    LAB_ACTIONS(ROW)
#undef ROW
};

static const char *const shapes[LAB_N_ACTIONS] = {
#define ROW(id, shape) [LAB_DO_##id] = shape,
    LAB_SHAPES(ROW)
#undef ROW
};

static const char *const modes[] = {
#define X(id, name, pid) name,
    LAB_MODES(X)
#undef X
        NULL
};

enum { EVERY_TIME = 0 };

struct fault {
    lab_step_t step;
    char *detail;    /* NULL: any */
    guint64 strikes; /* at that count, or EVERY_TIME */
    guint64 count;
    GArray *acts; /* of lab_act_t */
};

struct lab_faults {
    GPtrArray *list;    /* of struct fault, in the scenario's order */
    GPtrArray *strings; /* what the actions' arguments are kept in */
    GPtrArray *joined;  /* actions of several faults that struck at once */
};

static void
fault_free(void *data)
{
    struct fault *fault = data;

    g_array_unref(fault->acts);
    g_free(fault->detail);
    g_free(fault);
}

static void
free_strings(void *data)
{
    g_strfreev(data);
}

static bool
bad(GError **error, const char *group, const char *key, const char *why, const char *what)
{
    g_set_error(error, LAB_SCENARIO_ERROR, 0, "[%s] %s: %s '%s'", group, key, why, what);
    return false;
}

/* "STEP [DETAIL] [#N]"; a detail may have spaces in it. */
static bool
read_at(struct fault *fault, const char *group, const char *text, GError **error)
{
    g_autofree char *rest = g_strstrip(g_strdup(text));
    char *space = strchr(rest, ' ');
    char *hash = strrchr(rest, '#');
    gint64 n = 1;
    size_t step = 0;

    if (hash && hash > rest && hash[-1] == ' ' && !strchr(hash, ' ')) {
        if (strcmp(hash, "#*") == 0)
            n = EVERY_TIME;
        else if (!lab_scenario_number(hash + 1, &n) || n < 1)
            return bad(error, group, "at", "no count", hash);
        *hash = '\0';
        g_strchomp(rest);
    }
    if (space) {
        *space = '\0';
        g_strchug(space + 1);
        fault->detail = space[1] ? g_strdup(space + 1) : NULL;
    }
    while (step < LAB_N_STEPS && strcmp(steps[step].name, rest) != 0)
        step++;
    fault->step = (lab_step_t)step;
    fault->strikes = (guint64)n;
    return step < LAB_N_STEPS || bad(error, group, "at", "unknown step", rest);
}

static bool
argument_fits(char kind, const char *text)
{
    gint64 n;

    switch (kind) {
    case 'n':
        return lab_scenario_number(text, &n) && n >= 0;
    case 'e':
        return lab_scenario_number(text, &n) && n < 0 && n >= -4095;
    case 'm':
        return g_strv_contains(modes, text);
    default:
        return true;
    }
}

/* Splits off the next word of `*text`, or all of it; NULL when nothing is left. */
static char *
next_argument(char **text, bool all)
{
    char *start = g_strchug(*text);
    char *end = all ? start + strlen(start) : start + strcspn(start, " \t");

    if (!*start)
        return NULL;
    *text = *end ? end + 1 : end;
    return g_strndup(start, (gsize)(end - start));
}

static char **
read_arguments(const char *group, const char *shape, char *text, const char *whole, GError **error)
{
    g_autoptr(GPtrArray) args = g_ptr_array_new_with_free_func(g_free);

    for (const char *kind = shape; *kind; kind += *kind != '*') {
        char *arg = NULL;

        if (*kind == '[')
            continue;
        arg = next_argument(&text, *kind == 't');
        if (!arg)
            break;
        g_ptr_array_add(args, arg);
        if (!argument_fits(*kind, arg)) {
            bad(error, group, "do", "wrong argument in", whole);
            return NULL;
        }
    }
    if (*g_strchug(text) || args->len < strcspn(shape, "[*")) {
        bad(error, group, "do", "wrong number of arguments in", whole);
        return NULL;
    }
    g_ptr_array_add(args, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&args), FALSE);
}

/* One action from the front of `*text`; leaves what follows its ";". */
static bool
read_action(lab_faults_t *f, struct fault *fault, lab_act_t *act, char **text, GError **error)
{
    g_autofree char *whole = NULL;
    g_autofree char *name = NULL;
    char *start = g_strchug(*text);
    char *end = strchr(start, ';');
    char *arguments;
    size_t i = 0;

    /* The lines that are to be said have ";" between them themselves. */
    if (!end || g_str_has_prefix(start, "say "))
        end = start + strlen(start);
    *text = *end ? end + 1 : end;
    *end = '\0';
    whole = g_strdup(g_strchomp(start));
    arguments = start;
    name = next_argument(&arguments, false);
    while (name && i < LAB_N_ACTIONS && strcmp(actions[i].name, name) != 0)
        i++;
    if (!name || i == LAB_N_ACTIONS)
        return bad(error, act->name, "do", "unknown action", name ? name : "");
    act->action = (lab_action_t)i;
    act->args = (const char *const *)read_arguments(act->name, shapes[i], arguments, whole, error);
    if (!act->args)
        return false;
    g_ptr_array_add(f->strings, (gpointer)(guintptr)act->args);
    g_array_append_val(fault->acts, *act);
    return true;
}

static bool
read_fault(lab_faults_t *f, const lab_scenario_t *scenario, const char *group, GError **error)
{
    const char *at = lab_scenario_get(scenario, group, "at", NULL);
    g_autofree char *todo = g_strdup(lab_scenario_get(scenario, group, "do", ""));
    struct fault *fault = g_new0(struct fault, 1);
    lab_act_t act = { .filter = lab_scenario_get(scenario, group, "frame", NULL) };
    g_auto(GStrv) name = g_new0(char *, 2);
    char *text = todo;

    fault->acts = g_array_new(FALSE, FALSE, sizeof(lab_act_t));
    g_ptr_array_add(f->list, fault);
    act.name = *name = g_strdup(group);
    g_ptr_array_add(f->strings, g_steal_pointer(&name));
    if (!at || !*g_strstrip(todo))
        return bad(error, group, at ? "do" : "at", "missing in", group);
    if (!read_at(fault, group, at, error))
        return false;
    do {
        if (!read_action(f, fault, &act, &text, error))
            return false;
    } while (*g_strchug(text));
    return true;
}

/* "" for [device], NAME for [device NAME]; [device] is there even when nothing is written of it. */
static bool
has_device(const lab_scenario_t *scenario, const char *name)
{
    for (const char *const *g = lab_scenario_groups(scenario, "device"); *g; g++)
        if (strcmp(*g + strlen("device"), "") != 0 && strcmp(*g + strlen("device "), name) == 0)
            return true;
    return *name == '\0';
}

static lab_faults_t *
faults_new(const lab_scenario_t *scenario, const char *device, GError **error)
{
    lab_faults_t *f = g_new0(lab_faults_t, 1);

    f->list = g_ptr_array_new_with_free_func(fault_free);
    f->strings = g_ptr_array_new_with_free_func(free_strings);
    f->joined = g_ptr_array_new_with_free_func(g_free);
    for (const char *const *g = lab_scenario_groups(scenario, "fault"); *g; g++) {
        const char *only = lab_scenario_get(scenario, *g, "device", NULL);

        if (!read_fault(f, scenario, *g, error) ||
            (only && !has_device(scenario, only) &&
             !bad(error, *g, "device", "there is no [device] called", only))) {
            lab_faults_free(f);
            return NULL;
        }
        if (only && device && strcmp(only, device) != 0)
            g_ptr_array_set_size(f->list, (gint)f->list->len - 1);
    }
    return f;
}

lab_faults_t *
lab_faults_new(const lab_scenario_t *scenario, GError **error)
{
    return faults_new(scenario, NULL, error);
}

lab_faults_t *
lab_faults_new_for(const lab_scenario_t *scenario, const char *device, GError **error)
{
    return faults_new(scenario, device, error);
}

void
lab_faults_free(lab_faults_t *f)
{
    if (!f)
        return;
    g_ptr_array_unref(f->list);
    g_ptr_array_unref(f->strings);
    g_ptr_array_unref(f->joined);
    g_free(f);
}

static bool
strikes(struct fault *fault, lab_step_t step, const char *detail)
{
    if (fault->step != step || (fault->detail && g_strcmp0(fault->detail, detail) != 0))
        return false;
    fault->count++;
    return fault->strikes == EVERY_TIME || fault->strikes == fault->count;
}

size_t
lab_faults_at(lab_faults_t *f, lab_step_t step, const char *detail, const lab_act_t **acts)
{
    g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(lab_act_t));
    const struct fault *last = NULL;
    size_t n;

    for (guint i = 0; i < f->list->len; i++) {
        struct fault *fault = g_ptr_array_index(f->list, i);

        if (!strikes(fault, step, detail))
            continue;
        g_array_append_vals(due, fault->acts->data, fault->acts->len);
        last = fault;
    }
    n = due->len;
    if (last && n == last->acts->len) {
        *acts = (const lab_act_t *)(const void *)last->acts->data;
    } else if (n > 0) {
        *acts = (const lab_act_t *)(const void *)g_array_free(g_steal_pointer(&due), FALSE);
        g_ptr_array_add(f->joined, (gpointer)(guintptr)*acts);
    } else {
        *acts = NULL;
    }
    return n;
}

const char *
lab_act_arg(const lab_act_t *act, size_t index, const char *fallback)
{
    for (size_t i = 0; act->args[i]; i++)
        if (i == index)
            return act->args[i];
    return fallback;
}

gint64
lab_act_int(const lab_act_t *act, size_t index, gint64 fallback)
{
    const char *text = lab_act_arg(act, index, NULL);
    gint64 value = fallback;

    if (text)
        (void)lab_scenario_number(text, &value);
    return value;
}

bool
lab_faults_use(const lab_faults_t *f, lab_action_t action)
{
    for (guint i = 0; i < f->list->len; i++) {
        const struct fault *fault = g_ptr_array_index(f->list, i);

        for (guint k = 0; k < fault->acts->len; k++)
            if (g_array_index(fault->acts, lab_act_t, k).action == action)
                return true;
    }
    return false;
}

const char *
lab_step_name(lab_step_t step)
{
    return steps[step].name;
}

const char *
lab_step_help(lab_step_t step)
{
    return steps[step].help;
}

const char *
lab_action_name(lab_action_t action)
{
    return actions[action].name;
}

const char *
lab_action_help(lab_action_t action)
{
    return actions[action].help;
}
