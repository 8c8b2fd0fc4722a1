/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Hiding of identifiers in reports. */
#include "plugin/report/mask.h"

#include "plugin/knowledge/json_get.h"

enum {
    KEPT_DIGITS = 4,
    UDID_DIGITS = 40, /* SHA-1; nonces and hashes have as many or more */
    UDID_CHIP = 8,    /* 00008030-001A2B3C4D5E6F70 */
    UDID_ECID = 16,
    IMEI_DIGITS = 15,
    ECID_DIGITS_MIN = 6, /* shorter ones would match innocent numbers */
};

#define ELLIPSIS "\xe2\x80\xa6"

char *
rs_mask_id(const char *id)
{
    const gboolean hex = g_ascii_strncasecmp(id, "0x", 2) == 0;
    const char *digits = hex ? id + 2 : id;
    const gsize n = strlen(digits);
    g_autofree char *kept = NULL;

    kept = g_ascii_strdown(n > 2 * KEPT_DIGITS ? digits + n - KEPT_DIGITS : "", -1);
    return g_strconcat(hex ? "0x" : "", ELLIPSIS, kept, NULL);
}

/* Luhn's check digit over decimal digits: TS 23.003 annex B. */
static gboolean
luhn_holds(const char *digits, gsize n)
{
    guint sum = 0;

    for (gsize i = 0; i < n; i++) {
        const guint digit = (guint)g_ascii_digit_value(digits[n - 1 - i]);
        const guint value = i % 2 ? digit * 2 : digit;

        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

struct known_ecid {
    gboolean given;
    guint64 value;
};

static gboolean
is_ecid(const struct known_ecid *ecid, const char *run, gsize n, guint base)
{
    g_autofree char *digits = g_strndup(run, n);
    guint64 value;

    return ecid->given && n >= ECID_DIGITS_MIN &&
           g_ascii_string_to_unsigned(digits, base, 0, G_MAXUINT64, &value, NULL) &&
           value == ecid->value;
}

static gsize
count_while(const char *p, gboolean hex)
{
    gsize n = 0;

    while (hex ? g_ascii_isxdigit(p[n]) : g_ascii_isdigit(p[n]))
        n++;
    return n;
}

/* How many characters at run, a maximal row of n hexadecimal digits, are one identifier; 0 if none.
 */
static gsize
identifier_length(const char *run, gsize n, const struct known_ecid *ecid, gboolean *ret_is_ecid)
{
    const gboolean decimal = count_while(run, FALSE) == n;

    *ret_is_ecid = is_ecid(ecid, run, n, 16) || (decimal && is_ecid(ecid, run, n, 10));
    if (n == UDID_CHIP && run[n] == '-' && count_while(run + n + 1, TRUE) == UDID_ECID)
        return UDID_CHIP + 1 + UDID_ECID;
    if (n >= UDID_DIGITS || *ret_is_ecid)
        return n;
    return decimal && n == IMEI_DIGITS && luhn_holds(run, n) ? n : 0;
}

/* The ECID reads the same however it was written. */
static void
append_masked(GString *out, const char *id, gsize n, const struct known_ecid *ecid)
{
    g_autofree char *text =
        ecid ? g_strdup_printf("%016" G_GINT64_MODIFIER "x", ecid->value) : g_strndup(id, n);
    g_autofree char *masked = rs_mask_id(text);

    g_string_append(out, masked);
}

static struct known_ecid
read_ecid(const char *text)
{
    struct known_ecid ecid = { .given = FALSE };

    if (text && g_ascii_strncasecmp(text, "0x", 2) == 0)
        ecid.given = g_ascii_string_to_unsigned(text + 2, 16, 1, G_MAXUINT64, &ecid.value, NULL);
    else if (text)
        ecid.given = g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT64, &ecid.value, NULL);
    return ecid;
}

char *
rs_mask_text(const char *text, const char *ecid_text)
{
    const struct known_ecid ecid = read_ecid(ecid_text);
    GString *out = g_string_sized_new(strlen(text));
    const char *p = text;

    while (*p) {
        const gboolean prefixed = p[0] == '0' && (p[1] == 'x' || p[1] == 'X');
        const char *run = prefixed ? p + 2 : p;
        const gsize n = count_while(run, TRUE);
        gboolean is_own = FALSE;
        const gsize id = n > 0 ? identifier_length(run, n, &ecid, &is_own) : 0;
        const gsize copied = (gsize)(run - p) + (id ? 0 : MAX(n, prefixed ? 0 : 1));

        if (is_own)
            g_string_append(out, "0x");
        else
            g_string_append_len(out, p, (gssize)copied);
        if (id)
            append_masked(out, run, id, is_own ? &ecid : NULL);
        p = id ? run + id : p + copied;
    }
    return g_string_free(out, FALSE);
}

static void mask_node(JsonNode *node, const char *ecid);

static void
mask_member(JsonObject *object G_GNUC_UNUSED, const char *name G_GNUC_UNUSED, JsonNode *node,
            gpointer ecid)
{
    mask_node(node, ecid);
}

static void
mask_element(JsonArray *array G_GNUC_UNUSED, guint index G_GNUC_UNUSED, JsonNode *node,
             gpointer ecid)
{
    mask_node(node, ecid);
}

static void
mask_node(JsonNode *node, const char *ecid)
{
    g_autofree char *key = g_strdup(ecid);

    if (JSON_NODE_HOLDS_OBJECT(node)) {
        json_object_foreach_member(json_node_get_object(node), mask_member, key);
    } else if (JSON_NODE_HOLDS_ARRAY(node)) {
        json_array_foreach_element(json_node_get_array(node), mask_element, key);
    } else if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING) {
        g_autofree char *masked = rs_mask_text(json_node_get_string(node), ecid);

        json_node_set_string(node, masked);
    }
}

/* Masks everywhere what is one device's. */
static void
mask_of_device(JsonObject *report, JsonObject *device)
{
    static const char *const places[] = { "root",  "findings", "finding", "attempts",
                                          "hosts", "warnings", "logs" };
    g_autofree char *ecid = g_strdup(rs_json_string(device, "ecid"));

    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        JsonNode *node = json_object_get_member(report, places[i]);

        if (node)
            mask_node(node, ecid);
    }
    if (*ecid) {
        g_autofree char *masked = rs_mask_text(ecid, ecid);

        json_object_set_string_member(device, "ecid", masked);
    }
}

void
rs_mask_report(JsonObject *report)
{
    JsonArray *attempts = rs_json_array(report, "attempts");

    mask_of_device(report, rs_json_object(report, "device"));
    /* one that is masked already reads as none */
    for (guint i = 0; i < rs_json_length(attempts); i++) {
        JsonObject *device = rs_json_object(rs_json_object_at(attempts, i), "device");

        if (read_ecid(rs_json_string(device, "ecid")).given)
            mask_of_device(report, device);
    }
}
