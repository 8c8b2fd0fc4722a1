/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Arithmetic of error numbers. Sources are those of the code ranges in knowledge/errors.json:
 * libauthinstall adds 3100 to a TSS STATUS or an HTTP status; iTunes shows Secure Transport's
 * -98xx without the sign; MobileDevice's errors are 0xE80000nn. */
#include "plugin/cli/code_number.h"

struct derivation {
    const char *domain;
    gint64 from, to; /* as shown */
    const char *origin_domain;
    gint64 factor, offset; /* origin = code * factor + offset */
    const char *how;
};

static const struct derivation derivations[] = {
    { "AMAuthInstall", 3101, 8100, "TSS", 1, -3100, "3100 + TSS STATUS" },
    { "AMAuthInstall", 3200, 3699, "HTTP (TSS)", 1, -3100, "3100 + HTTP status" },
    { "iTunes", 9800, 9851, "Secure Transport OSStatus", -1, 0,
      "Secure Transport, shown without its sign:" },
};

static gint64
fold_32_bits(guint64 value)
{
    if (value > G_MAXINT32 && value <= G_MAXUINT32)
        return (gint64)value - ((gint64)1 << 32);
    return value > G_MAXINT64 ? -(gint64)(G_MAXUINT64 - value) - 1 : (gint64)value;
}

gboolean
rs_code_parse(const char *text, gint64 *ret_code)
{
    const gboolean negative = *text == '-';
    const char *digits = negative ? text + 1 : text;
    const gboolean hex = g_ascii_strncasecmp(digits, "0x", 2) == 0;
    guint64 value;

    if (!g_ascii_string_to_unsigned(hex ? digits + 2 : digits, hex ? 16 : 10, 0,
                                    negative ? G_MAXINT64 : G_MAXUINT64, &value, NULL))
        return FALSE;
    *ret_code = negative ? -(gint64)value : fold_32_bits(value);
    return TRUE;
}

guint
rs_code_origins(gint64 code, struct rs_code_origin ret_origins[RS_ORIGINS_MAX])
{
    guint n = 0;

    G_STATIC_ASSERT(G_N_ELEMENTS(derivations) <= RS_ORIGINS_MAX);
    for (gsize i = 0; i < G_N_ELEMENTS(derivations); i++) {
        const struct derivation *derivation = &derivations[i];

        if (code < derivation->from || code > derivation->to)
            continue;
        ret_origins[n++] = (struct rs_code_origin){
            .domain = derivation->domain,
            .origin_domain = derivation->origin_domain,
            .origin_code = code * derivation->factor + derivation->offset,
            .how = derivation->how,
        };
    }
    return n;
}
