/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Serial number and nonces of DFU and recovery mode. Tags: libirecovery 1.0.0, src/libirecovery.c;
 * values as phones of these chips are seen to send them. */
#include "samples/lab/vphone/modes/identity-strings.h"

/* Bits of IBFL. */
enum {
    IBFL_OWN = 0x01,    /* a whole iBoot, not the boot ROM or iBSS */
    IBFL_IMAGE4 = 0x1c, /* Image4, and secure and production mode in effect */
    IBFL_SHA384 = 0x20  /* from the A10 on */
};

enum { CHIP_A9 = 0x8000, CHIP_A9_LAST = 0x8003, STAGE_IBSS = 1 };

static bool
is_a9(const lab_identity_t *id)
{
    return id->model->chip_id >= CHIP_A9 && id->model->chip_id <= CHIP_A9_LAST;
}

static unsigned
flags(const lab_identity_t *id, lab_mode_t mode, unsigned stage)
{
    bool is_whole = mode == LAB_MODE_RECOVERY && stage != STAGE_IBSS;

    return IBFL_IMAGE4 | (is_a9(id) ? 0u : IBFL_SHA384) | (is_whole ? IBFL_OWN : 0u);
}

char *
lab_serial_string(const lab_identity_t *id, lab_mode_t mode, unsigned stage)
{
    GString *text = g_string_new(NULL);

    g_string_printf(text, "CPID:%04X CPRV:%s CPFM:03 SCEP:01 BDID:%02X", id->model->chip_id,
                    is_a9(id) ? "20" : "11", id->model->board_id);
    if (mode != LAB_MODE_WTF)
        g_string_append_printf(text, " ECID:%016" G_GINT64_MODIFIER "X", id->ecid);
    g_string_append_printf(text, " IBFL:%02X", flags(id, mode, stage));
    if (mode == LAB_MODE_RECOVERY)
        g_string_append_printf(text, " SRNM:[%s]", id->serial);
    else if (mode == LAB_MODE_PORT_DFU)
        g_string_append(text, " PREV:01");
    else
        g_string_append_printf(text, " SRTG:[%s]", id->model->srtg);
    return g_string_free(text, FALSE);
}

/* The port controller sends the bytes the other way round. */
static void
append_hex(GString *text, const uint8_t *bytes, size_t n, bool is_reversed)
{
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(text, "%02X", bytes[is_reversed ? n - 1 - i : i]);
}

char *
lab_nonce_string(const lab_identity_t *id, lab_mode_t mode)
{
    bool is_reversed = mode == LAB_MODE_PORT_DFU;
    GString *text = g_string_new("NONC:");

    append_hex(text, id->ap_nonce, sizeof(id->ap_nonce), is_reversed);
    g_string_append(text, " SNON:");
    append_hex(text, id->sep_nonce, sizeof(id->sep_nonce), is_reversed);
    return g_string_free(text, FALSE);
}
