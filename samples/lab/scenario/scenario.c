/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads scenarios. GKeyFile takes any group and key and joins groups of the same name; a scenario
 * with a slip in it would then quietly be a healthy one, so both are refused here. */
#include "samples/lab/scenario/scenario.h"

#include <stdbool.h>
#include <string.h>

#include "samples/lab/scenario/keys.h"

static const struct group {
    const char *name;
    bool several;
} groups[] = {
#define ROW(name, several, what) { name, several },
    LAB_GROUPS(ROW)
#undef ROW
};

static const struct key {
    const char *group, *name, *type;
} keys[] = {
#define ROW(group, key, type, what) { group, key, type },
    LAB_KEYS(ROW)
#undef ROW
};

struct lab_scenario {
    GHashTable *values; /* "group\nkey" -> value */
    char **groups;      /* in the file's order */
    GHashTable *lists;  /* group -> NULL-terminated array of what is like it in `groups` */
};

G_DEFINE_QUARK(lab - scenario, lab_scenario_error)

static bool
fail(GError **error, const char *path, const char *group, const char *key, const char *why)
{
    g_set_error(error, LAB_SCENARIO_ERROR, 0, "%s: [%s] %s: %s", path, group, key ? key : "", why);
    return false;
}

/* `name` is `base`, or `base` and a name after a space. */
static bool
group_is(const char *name, const char *base)
{
    size_t n = strlen(base);

    return strncmp(name, base, n) == 0 && (name[n] == '\0' || (name[n] == ' ' && name[n + 1]));
}

static const struct group *
find_group(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
        if (groups[i].several ? group_is(name, groups[i].name) : !strcmp(name, groups[i].name))
            return &groups[i];
    return NULL;
}

static const struct key *
find_key(const char *group, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        size_t n = strlen(keys[i].name);

        if (strcmp(keys[i].group, group) != 0)
            continue;
        if (g_str_has_suffix(keys[i].name, ".*")
                ? strncmp(keys[i].name, name, n - 1) == 0 && name[n - 1] != '\0'
                : strcmp(keys[i].name, name) == 0)
            return &keys[i];
    }
    return NULL;
}

bool
lab_scenario_number(const char *text, gint64 *ret_value)
{
    bool negative = *text == '-';
    const char *digits = text + negative;
    guint base = g_str_has_prefix(digits, "0x") ? 16 : 10;
    guint64 value = 0;

    if (base == 16)
        digits += 2;
    if (!g_ascii_string_to_unsigned(digits, base, 0, negative ? G_MAXINT64 : G_MAXUINT64, &value,
                                    NULL))
        return false;
    *ret_value = negative ? -(gint64)value : (gint64)value;
    return true;
}

static bool
is_one_of(const char *value, const char *words)
{
    g_auto(GStrv) list = g_strsplit(words, "|", -1);

    return g_strv_contains((const char *const *)list, value);
}

/* NULL when `value` is of type `type`, else why not. */
static char *
type_error(const char *type, const char *value)
{
    gint64 number;
    char *end = NULL;

    if (strcmp(type, "text") == 0)
        return NULL;
    if (strcmp(type, "number") == 0)
        return lab_scenario_number(value, &number)
                   ? NULL
                   : g_strdup_printf("'%s' is no whole number", value);
    if (strcmp(type, "decimal") == 0) {
        (void)g_ascii_strtod(value, &end);
        return *value && !*end ? NULL : g_strdup_printf("'%s' is no number", value);
    }
    return is_one_of(value, type) ? NULL : g_strdup_printf("'%s' is none of %s", value, type);
}

/* GKeyFile would join two groups of one name. */
static bool
check_groups(const char *path, const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (char **line = lines; *line; line++) {
        char *end = strchr(g_strstrip(*line), ']');

        if (**line != '[' || !end)
            continue;
        *end = '\0';
        if (!find_group(*line + 1))
            return fail(error, path, *line + 1, NULL, "nothing knows this group");
        if (!g_hash_table_add(seen, *line + 1))
            return fail(error, path, *line + 1, NULL, "this group is there twice");
    }
    return true;
}

static bool
take_group(lab_scenario_t *s, const char *path, GKeyFile *file, const char *group, GError **error)
{
    const char *base = find_group(group)->name;
    g_auto(GStrv) names = g_key_file_get_keys(file, group, NULL, NULL);

    for (char **name = names; name && *name; name++) {
        const struct key *key = find_key(base, *name);
        g_autofree char *value = g_key_file_get_value(file, group, *name, NULL);
        g_autofree char *why = NULL;

        if (!key)
            return fail(error, path, group, *name, "nothing knows this key");
        g_strchomp(value);
        why = type_error(key->type, value);
        if (why)
            return fail(error, path, group, *name, why);
        g_hash_table_insert(s->values, g_strdup_printf("%s\n%s", group, *name),
                            g_steal_pointer(&value));
    }
    return true;
}

/* The arrays lab_scenario_groups() gives, made beforehand because scenarios are const. */
static void
list_groups(lab_scenario_t *s)
{
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
        GPtrArray *list = g_ptr_array_new();

        for (char **name = s->groups; *name; name++)
            if (group_is(*name, groups[i].name))
                g_ptr_array_add(list, *name);
        g_ptr_array_add(list, NULL);
        g_hash_table_insert(s->lists, g_strdup(groups[i].name), g_ptr_array_free(list, FALSE));
    }
}

lab_scenario_t *
lab_scenario_load(const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(lab_scenario_t) s = g_new0(lab_scenario_t, 1);
    g_autofree char *text = NULL;
    gsize length = 0;

    s->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    s->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (!g_file_get_contents(path, &text, &length, error))
        return NULL;
    if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    if (!check_groups(path, text, error))
        return NULL;
    s->groups = g_key_file_get_groups(file, NULL);
    for (char **group = s->groups; *group; group++)
        if (!take_group(s, path, file, *group, error))
            return NULL;
    list_groups(s);
    return g_steal_pointer(&s);
}

void
lab_scenario_free(lab_scenario_t *s)
{
    if (!s)
        return;
    g_hash_table_destroy(s->values);
    g_hash_table_destroy(s->lists);
    g_strfreev(s->groups);
    g_free(s);
}

const char *
lab_scenario_get(const lab_scenario_t *s, const char *group, const char *key, const char *fallback)
{
    g_autofree char *name = g_strdup_printf("%s\n%s", group, key);
    const char *value = g_hash_table_lookup(s->values, name);

    return value ? value : fallback;
}

gint64
lab_scenario_int(const lab_scenario_t *s, const char *group, const char *key, gint64 fallback)
{
    const char *text = lab_scenario_get(s, group, key, NULL);
    gint64 value = fallback;

    if (text)
        (void)lab_scenario_number(text, &value);
    return value;
}

const char *const *
lab_scenario_groups(const lab_scenario_t *s, const char *group)
{
    static const char *const none[] = { NULL };
    const char *const *list = g_hash_table_lookup(s->lists, group);

    return list ? list : none;
}
