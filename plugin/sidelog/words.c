/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What single lines mean. Facts: idevicerestore 1.0.0, src/idevicerestore.c and src/restore.c; the
 * operation numbers are those of restored's ProgressMsg; NSError's description for "Error Domain=".
 */
#include "plugin/sidelog/sidelog_private.h"

#define AMR "AMRestoreErrorDomain"
#define LOCKDOWN "lockdownd (libimobiledevice)"

/* Does the text, in lower case, hold the parts of a pattern in their order? */
static gboolean
holds(const char *text, const char *pattern)
{
    const char *star;

    while ((star = strchr(pattern, '*'))) {
        g_autofree char *part = g_strndup(pattern, (gsize)(star - pattern));
        const char *found = strstr(text, part);

        if (!found)
            return FALSE;
        text = found + strlen(part);
        pattern = star + 1;
    }
    return strstr(text, pattern) != NULL;
}

const struct rs_known_phrase *
rs_side_phrase(const rs_knowledge *knowledge, const char *text, gboolean is_kernel)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);

    for (guint i = 0; i < rs_knowledge_n_phrases(knowledge); i++) {
        const struct rs_known_phrase *phrase = rs_knowledge_phrase_at(knowledge, i);

        if (is_kernel && !g_str_equal(phrase->tool, "kernel"))
            continue;
        for (const char *const *match = phrase->matches; *match; match++) {
            if (holds(lower, *match))
                return phrase;
        }
    }
    return NULL;
}

/* Numbers by the words around them; a NULL domain stands in the text. */
static const struct {
    const char *before;
    const char *after; /* must follow somewhere */
    const char *domain;
    gboolean is_last_word;
} numbers[] = {
    { "TSS server returned: STATUS=", "&MESSAGE=", "TSS", FALSE },
    { "TSS request failed (status=", ", message=", "TSS", FALSE },
    { "CHECKPOINT FAILURE:(FAILURE:", ")", AMR, FALSE },
    { "Unhandled status message (", ")", AMR, TRUE },
    { "Could not connect to lockdownd: ", ")", LOCKDOWN, FALSE },
    { "Error Domain=", "", NULL, TRUE },
};

/* What idevicerestore prints instead of a status' number. */
static const struct {
    const char *text;
    gint64 code;
} statuses[] = {
    { "Status: Verification Error", -1 },
    { "Status: Disk Failure", 6 },
    { "Status: Fail", 14 },
    { "Status: Failed to mount filesystems", 27 },
    { "Status: Failed to load SEP Firmware", 50 },
    { "Status: Failed to recover FDR data", 53 },
    { "Status: X-Gold Baseband Update Failed", 1015 },
};

/* A decimal number of at most 64 bits; those above the signed ones are negative. */
static gboolean
read_number(const char *p, gint64 *ret_number)
{
    char *end;
    const gboolean negative = *p == '-';
    const guint64 value = g_ascii_strtoull(p, &end, 10);

    if (!g_ascii_isdigit(p[negative ? 1 : 0]))
        return FALSE;
    *ret_number = (gint64)value;
    return end != p;
}

static const struct rs_known_code *
known(const rs_knowledge *knowledge, const char *domain, gint64 number)
{
    return number ? rs_knowledge_code(knowledge, domain, number) : NULL;
}

/* "Error Domain=AMRestoreErrorDomain Code=14 ..." */
static const struct rs_known_code *
read_cocoa(const rs_knowledge *knowledge, const char *p)
{
    const char *code = strstr(p, " Code=");
    g_autofree char *domain = code ? g_strndup(p, (gsize)(code - p)) : NULL;
    gint64 number;

    if (!code || strcspn(p, " ") != strlen(domain) ||
        !read_number(code + strlen(" Code="), &number))
        return NULL;
    return known(knowledge, domain, number);
}

const struct rs_known_code *
rs_side_status(const rs_knowledge *knowledge, const char *text)
{
    const char *p = strstr(text, "<integer>");
    gint64 number;

    if (!p || !read_number(p + strlen("<integer>"), &number))
        return NULL;
    return known(knowledge, AMR, number);
}

gboolean
rs_side_awaits_status(const char *text)
{
    return strstr(text, "<key>AMRError</key>") != NULL;
}

static const struct rs_known_code *
read_label(const rs_knowledge *knowledge, const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        const gsize n = strlen(statuses[i].text);

        if (g_str_has_prefix(text, statuses[i].text) && !g_ascii_isalpha(text[n]) &&
            (text[n] != ' ' || !g_ascii_isalpha(text[n + 1])))
            return known(knowledge, AMR, statuses[i].code);
    }
    return NULL;
}

const struct rs_known_code *
rs_side_code(const rs_knowledge *knowledge, const char *text, gboolean *ret_last_word)
{
    const struct rs_known_code *label = read_label(knowledge, text);

    *ret_last_word = label != NULL;
    for (gsize i = 0; !label && i < G_N_ELEMENTS(numbers); i++) {
        const char *p = strstr(text, numbers[i].before);
        gint64 number;

        if (!p || !strstr(p + strlen(numbers[i].before), numbers[i].after))
            continue;
        *ret_last_word = numbers[i].is_last_word;
        p += strlen(numbers[i].before);
        if (!numbers[i].domain)
            return read_cocoa(knowledge, p);
        if (g_str_equal(numbers[i].domain, LOCKDOWN))
            p = strrchr(p, '(') ? strrchr(p, '(') + 1 : p;
        return read_number(p, &number) ? known(knowledge, numbers[i].domain, number) : NULL;
    }
    return label;
}

/* Words that tell of a mode or a phase. A phrase ending in ")" is one of restored's operations. */
static const struct {
    const char *words;
    gboolean is_mode;
    const char *name;
} steps[] = {
    { "Found device in Normal mode", TRUE, "normal" },
    { "Found device in Recovery mode", TRUE, "recovery" },
    { "Found device in DFU mode", TRUE, "dfu" },
    { "Found device in Restore mode", TRUE, "restore" },
    { "Sending TSS request attempt", FALSE, "signing" },
    { "Entering recovery mode", FALSE, "recovery" },
    { "Sending iBSS (", FALSE, "dfu" },
    { "Sending iBEC (", FALSE, "ibec" },
    { "Sending RestoreLogo", FALSE, "ramdisk" },
    { "Sending RestoreRamDisk", FALSE, "ramdisk" },
    { "Sending RestoreDeviceTree", FALSE, "ramdisk" },
    { "has successfully entered restore mode", TRUE, "restore" },
    { "Connected to com.apple.mobile.restored", FALSE, "restored-start" },
    { "Restoring image (13)", FALSE, "asr" },
    { "Sending filesystem now", FALSE, "asr" },
    { "Verifying restore (14)", FALSE, "verify" },
    { "Flashing firmware (18)", FALSE, "firmware" },
    { "Preparing for baseband update (48)", FALSE, "baseband" },
    { "Updating baseband (19)", FALSE, "baseband" },
    { "(77)", FALSE, "seal" },
    { "(29)", FALSE, "finish" },
};

gboolean
rs_side_step(const char *text, struct rs_side_step *ret_step)
{
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        const char *words = steps[i].words;

        if (words[0] == '(' ? !g_str_has_suffix(text, words) : !strstr(text, words))
            continue;
        ret_step->is_mode = steps[i].is_mode;
        ret_step->name = steps[i].name;
        return TRUE;
    }
    return FALSE;
}

enum rs_side_end
rs_side_end(const char *text)
{
    if (strstr(text, "Status: Restore Finished"))
        return RS_SIDE_FINISHED;
    if (strstr(text, "ERROR: Unable to restore device") ||
        strstr(text, "ERROR: Unable to successfully restore device") ||
        strstr(text, "ERROR: Unable to place device into "))
        return RS_SIDE_FAILED;
    return RS_SIDE_END_UNKNOWN;
}

guint64
rs_side_ecid(const char *text)
{
    static const char *const words[] = { "Found ECID ", "UniqueChipID: " };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *p = strstr(text, words[i]);

        if (p)
            return g_ascii_strtoull(p + strlen(words[i]), NULL, 10);
    }
    return 0;
}

/* "Identified device as d221ap, iPhone10,6" */
char *
rs_side_product(const char *text)
{
    const char *p = strstr(text, "Identified device as ");
    const char *comma = p ? strstr(p, ", ") : NULL;

    return comma ? g_strndup(comma + 2, strcspn(comma + 2, " ")) : NULL;
}
