/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What listens in restore mode: restored and the reverse proxy. ASR comes and goes with the script.
 */
#include "samples/lab/vphone/services/restored.h"

enum {
    START_S = 120, /* so long restored waits for StartRestore */
    RETURN_MS = 2000,
};

void
lab_restored_reboot(lab_restored_t *restored, lab_mode_t mode)
{
    const char *text = lab_phone_config(restored->phone, "return_ms", NULL);
    gint64 after = RETURN_MS;

    if (text)
        (void)lab_scenario_number(text, &after);
    lab_phone_enter(restored->phone, mode, (unsigned)CLAMP(after, 0, 3600000));
}

static gboolean
wait_no_longer(void *user)
{
    lab_restored_t *restored = user;

    restored->waiter = 0;
    lab_restored_reboot(restored, LAB_MODE_RECOVERY);
    return G_SOURCE_REMOVE;
}

static void
restored_free(void *data)
{
    lab_restored_t *restored = data;

    if (restored->waiter)
        g_source_remove(restored->waiter);
    lab_run_free(restored->run);
    lab_fdr_free(restored->fdr);
    lab_script_free(restored->script);
    g_free(restored);
}

void
lab_services_start_restore(lab_mux_t *mux, lab_phone_t *phone)
{
    g_autofree char *path = lab_script_path(lab_phone_config(phone, "script", "full"));
    g_autoptr(GError) error = NULL;
    lab_restored_t *restored = g_new0(lab_restored_t, 1);

    restored->mux = mux;
    restored->phone = phone;
    restored->script = lab_script_load(path, &error);
    if (!restored->script)
        g_error("%s", error->message); /* a phone without one makes no recording worth having */
    if (!lab_script_find(restored->script, LAB_VERB_NO_FDR))
        restored->fdr = lab_fdr_new(mux);
    lab_mux_set_services_data(mux, restored, restored_free);
    lab_mux_listen(mux, LAB_RESTORED_PORT, &lab_restored_service, restored);
    restored->waiter = g_timeout_add_seconds(START_S, wait_no_longer, restored);
}

/* What there is goes with the services' data. */
void
lab_services_stop(lab_mux_t *mux)
{
    lab_mux_set_services_data(mux, NULL, NULL);
}
