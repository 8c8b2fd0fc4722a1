/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who a phone is. What the scenario leaves open follows from the phone's number, so that a scenario
 * makes the same phone each time; nonces follow from the ECID and the number of the start. */
#include <string.h>

#include "samples/lab/vphone/bus/state.h"

/* Made up, of the size real ones have. */
static const uint64_t first_ecid = 0x001a2d3e4f5a6b7c;
static const uint64_t ecid_step = 0x0000002400120000;

enum { FIRST_CHIP_WITH_SHORT_UDID = 0x8020 };

static char *
default_udid(const lab_phone_t *phone)
{
    const lab_model_t *model = phone->id.model;
    g_autofree char *text = NULL;

    if (model->chip_id >= FIRST_CHIP_WITH_SHORT_UDID && model->chip_id < 0x8900)
        return g_strdup_printf("%08X-%016" G_GINT64_MODIFIER "X", model->chip_id, phone->id.ecid);
    text = g_strdup_printf("%s%" G_GUINT64_FORMAT, phone->serial, phone->id.ecid);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA1, text, -1);
}

bool
lab_identity_init(lab_phone_t *phone, GError **error)
{
    lab_identity_t *id = &phone->id;
    const char *model = lab_phone_config(phone, "model", "d221");
    const char *serial = lab_phone_config(phone, "serial", NULL);
    const char *udid = lab_phone_config(phone, "udid", NULL);

    id->model = lab_model_find(model);
    if (!id->model) {
        g_set_error(error, LAB_SCENARIO_ERROR, 0, "[%s] model: no such phone: %s", phone->group,
                    model);
        return false;
    }
    id->ecid = (uint64_t)lab_scenario_int(phone->scenario, phone->group, "ecid",
                                          (gint64)(first_ecid + phone->index * ecid_step));
    phone->serial = serial ? g_strdup(serial) : g_strdup_printf("F2LXK0L%02uJC6", phone->index);
    phone->udid = udid ? g_strdup(udid) : default_udid(phone);
    id->serial = phone->serial;
    id->udid = phone->udid;
    id->version = lab_phone_config(phone, "version", "16.7.8");
    id->build = lab_phone_config(phone, "build", "20H343");
    lab_identity_boot(phone);
    return true;
}

void
lab_identity_clear(lab_phone_t *phone)
{
    g_free(phone->serial);
    g_free(phone->udid);
}

static void
make_nonce(const lab_phone_t *phone, const char *of, GChecksumType type, uint8_t *nonce, size_t n)
{
    g_autofree char *text =
        g_strdup_printf("%s %" G_GUINT64_FORMAT " %u", of, phone->id.ecid, phone->id.n_boots);
    GChecksum *sum = g_checksum_new(type);

    g_checksum_update(sum, (const guchar *)text, -1);
    g_checksum_get_digest(sum, nonce, &n);
    g_checksum_free(sum);
}

void
lab_identity_boot(lab_phone_t *phone)
{
    phone->id.n_boots++;
    make_nonce(phone, "AP", G_CHECKSUM_SHA256, phone->id.ap_nonce, sizeof(phone->id.ap_nonce));
    make_nonce(phone, "SEP", G_CHECKSUM_SHA1, phone->id.sep_nonce, sizeof(phone->id.sep_nonce));
}
