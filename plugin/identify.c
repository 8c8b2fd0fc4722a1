/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Walks over trees: a key of a property list stands before its value, everything else is told by
 * its field. */
#include "dissectors/compat.h"

#include "plugin/identify.h"

#include <epan/epan_dissect.h>
#include <epan/proto.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <stdio.h>

#include "plugin/redact/recognise.h"

enum { LINES_MAX = 50000 };

/* What a field is to us. */
enum role {
    ROLE_NONE = 1, /* not 0, which a hash table gives for what it does not know */
    ROLE_KEY,
    ROLE_VALUE,
    ROLE_TEXT,
    ROLE_USB_STRING,
    ROLE_HOST_NAME,
    ROLE_FIELD /* and on: plus its kind */
};

struct identify {
    GHashTable *roles; /* number of a field -> role */
    GHashTable *lines; /* those printed */
    char *key;         /* of the value to come */
    char *asked;       /* what "Key" of a lockdown message says */
};

static const struct {
    const char *field;
    enum role role;
} roles[] = {
    { "plist.key", ROLE_KEY },
    { "remotexpc.key", ROLE_KEY },
    { "plist.string", ROLE_VALUE },
    { "plist.integer", ROLE_VALUE },
    { "plist.data", ROLE_VALUE },
    { "plist.integer.wide", ROLE_VALUE },
    { "remotexpc.string", ROLE_VALUE },
    { "remotexpc.data", ROLE_VALUE },
    { "remotexpc.integer", ROLE_VALUE },
    { "remotexpc.unsigned", ROLE_VALUE },
    { "remotexpc.uuid", ROLE_VALUE },
    { "usb.bString", ROLE_USB_STRING },
    { "iboot.reply", ROLE_TEXT },
    { "iboot.console", ROLE_TEXT },
    { "iboot.command", ROLE_TEXT },
    { "restored.log", ROLE_TEXT },
    { "kis.info.serial", ROLE_TEXT },
    { "kis.info.nonces", ROLE_TEXT },
    { "usbmux.control.message", ROLE_TEXT },
    { "systemd_journal.message", ROLE_TEXT },
    { "dns.qry.name", ROLE_HOST_NAME },
    { "dns.resp.name", ROLE_HOST_NAME },
    { "dns.ptr.domain_name", ROLE_HOST_NAME },
};

static int
find_role(const char *field)
{
    enum rs_id_kind kind;

    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        if (g_str_equal(roles[i].field, field))
            return (int)roles[i].role;
    }
    return rs_recognise_field(field, &kind) ? ROLE_FIELD + (int)kind : ROLE_NONE;
}

static int
role_of(struct identify *identify, const header_field_info *field)
{
    int role = GPOINTER_TO_INT(g_hash_table_lookup(identify->roles, GINT_TO_POINTER(field->id)));

    if (role == 0) {
        role = find_role(field->abbrev);
        g_hash_table_insert(identify->roles, GINT_TO_POINTER(field->id), GINT_TO_POINTER(role));
    }
    return role;
}

/* line: given away. */
static void
print_line(struct identify *identify, char *line)
{
    if (g_hash_table_size(identify->lines) < LINES_MAX && g_hash_table_add(identify->lines, line))
        printf("%s\n", line);
}

static void
tell_text(enum rs_id_kind kind, const char *text, void *data)
{
    GString *line = g_string_new(NULL);

    if (*text == '\0' || strlen(text) > RS_ID_LENGTH_MAX) {
        g_string_free(line, TRUE);
        return;
    }
    g_string_append_printf(line, "identifier\t%d\tT\t", (int)kind);
    for (const char *p = text; *p; p++)
        g_string_append_printf(line, "%02x", (unsigned)(guint8)*p);
    print_line(data, g_string_free(line, FALSE));
}

/* digits: as Wireshark shows bytes, in pairs with something between them. */
static void
tell_bytes(struct identify *identify, enum rs_id_kind kind, const char *digits)
{
    GString *line = g_string_new(NULL);

    g_string_append_printf(line, "identifier\t%d\tB\t", (int)kind);
    for (const char *p = digits; *p; p++) {
        if (g_ascii_isxdigit(*p))
            g_string_append_c(line, *p);
    }
    print_line(identify, g_string_free(line, FALSE));
}

static char *
value_text(field_info *finfo)
{
    return fvalue_to_string_repr(NULL, RS_FVALUE(finfo), FTREPR_DISPLAY, finfo->hfinfo->display);
}

static bool
is_bytes(const field_info *finfo)
{
    return finfo->hfinfo->type == FT_BYTES;
}

static void
tell_value(struct identify *identify, field_info *finfo, const char *text)
{
    const char *key = identify->key ? identify->key : "";
    enum rs_id_kind kind;

    if (g_str_equal(key, "Key")) {
        g_free(identify->asked);
        identify->asked = g_strdup(text);
    } else if (g_str_equal(key, "Value") && identify->asked) {
        key = identify->asked;
    }
    if (!rs_recognise_key(key, &kind)) {
        if (!is_bytes(finfo))
            rs_recognise_text(text, strlen(text), tell_text, identify);
    } else if (is_bytes(finfo)) {
        tell_bytes(identify, kind, text);
    } else {
        tell_text(kind, text, identify);
    }
}

static void
tell_string(struct identify *identify, const char *text)
{
    enum rs_id_kind kind;
    g_autofree char *serial = rs_recognise_serial(text, &kind);

    if (serial)
        tell_text(kind, serial, identify);
    else
        rs_recognise_text(text, strlen(text), tell_text, identify);
}

static void
tell_host(struct identify *identify, const char *name)
{
    g_autofree char *host = rs_recognise_host(name);

    if (host)
        tell_text(RS_ID_NAME, host, identify);
}

static void
take_field(struct identify *identify, field_info *finfo)
{
    const int role = role_of(identify, finfo->hfinfo);
    char *text = role == ROLE_NONE ? NULL : value_text(finfo);

    if (!text)
        return;
    if (role == ROLE_KEY) {
        g_free(identify->key);
        identify->key = g_strdup(text);
    } else if (role == ROLE_VALUE) {
        tell_value(identify, finfo, text);
    } else if (role == ROLE_USB_STRING) {
        tell_string(identify, text);
    } else if (role == ROLE_HOST_NAME) {
        tell_host(identify, text);
    } else if (role == ROLE_TEXT) {
        rs_recognise_text(text, strlen(text), tell_text, identify);
    } else {
        tell_text((enum rs_id_kind)(role - ROLE_FIELD), text, identify);
    }
    wmem_free(NULL, text);
}

static void
take_tree(struct identify *identify, epan_dissect_t *edt)
{
    proto_node *node = edt->tree;

    g_clear_pointer(&identify->key, g_free);
    g_clear_pointer(&identify->asked, g_free);
    while (node) {
        if (node->finfo)
            take_field(identify, node->finfo);
        if (node->first_child) {
            node = node->first_child;
            continue;
        }
        while (node && !node->next)
            node = node->parent;
        node = node ? node->next : NULL;
    }
}

static tap_packet_status
take_packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt, const void *packet _U_,
            tap_flags_t flags _U_)
{
    take_tree(data, edt);
    return TAP_PACKET_DONT_REDRAW;
}

static void
draw_end(void *data _U_)
{
    printf("identifiers\tend\n");
}

static void
add_field(GString *filter, const char *field)
{
    if (proto_registrar_get_byname(field))
        g_string_append_printf(filter, "%s%s", filter->len ? " || " : "", field);
}

/* Wireshark puts only those fields into a tree nobody looks at that a filter asks for. */
static char *
make_filter(void)
{
    GString *filter = g_string_new(NULL);
    const char *field;

    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        add_field(filter, roles[i].field);
    for (size_t i = 0; (field = rs_recognise_nth_field(i)); i++)
        add_field(filter, field);
    return g_string_free(filter, FALSE);
}

static RS_TAP_INIT
init_identifiers(const char *arguments _U_, void *data _U_)
{
    static struct identify identify;
    g_autofree char *filter = make_filter();
    GString *error;

    identify.roles = g_hash_table_new(g_direct_hash, g_direct_equal);
    identify.lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    error = register_tap_listener("frame", &identify, filter, TL_REQUIRES_PROTO_TREE, NULL,
                                  take_packet, draw_end, NULL);
    if (error) {
        fprintf(stderr, "restore: %s\n", error->str);
        g_string_free(error, TRUE);
    }
    RS_TAP_DONE;
}

void
rs_identify_register_tap(void)
{
    static stat_tap_ui identifiers = {
        REGISTER_PACKET_STAT_GROUP_UNSORTED, NULL, "restore,identifiers", init_identifiers, 0, NULL
    };

    register_stat_tap_ui(&identifiers, NULL);
}
