/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Commands after which a device leaves the bus on purpose, and answers that tell who or in which
 * mode it is. Sources: idevicerestore 405fcd1 (src/recovery.c, dfu.c, normal.c, restore.c) for what
 * makes a device leave; the windows are how long it may take to leave, rounded up from the same
 * files' waits. */

#include "plugin/tracker/internal.h"

#include <string.h>

#define SECONDS(n) ((gint64)(n)*G_USEC_PER_SEC)

/* X(fact, text it starts with or NULL for any, name, window in s) */
static const struct {
    enum rs_fact_id fact;
    const char *text;
    const char *name;
    gint64 window_us;
} triggers[] = {
    { RS_FACT_IBOOT_COMMAND, "go", "go", SECONDS(15) },
    { RS_FACT_IBOOT_COMMAND, "bootx", "bootx", SECONDS(30) },
    { RS_FACT_IBOOT_COMMAND, "reset", "reset", SECONDS(15) },
    { RS_FACT_IBOOT_COMMAND, "reboot", "reboot", SECONDS(15) },
    { RS_FACT_DFU_FINISHED, NULL, "dfu-finish", SECONDS(15) },
    { RS_FACT_KIS_BOOT, NULL, "kis-boot", SECONDS(15) },
    { RS_FACT_LOCKDOWN_REQUEST, "EnterRecovery", "EnterRecovery", SECONDS(60) },
    { RS_FACT_RESTORED_REQUEST, "Reboot", "Reboot", SECONDS(60) },
    { RS_FACT_RESTORED_MSG_TYPE, "ReceivedFinalStatusMsg", "ReceivedFinalStatusMsg", SECONDS(60) },
    { RS_FACT_RESTORED_MSG_TYPE, "StatusMsg", "StatusMsg", SECONDS(60) },
};

enum { SET_MODE_REQUEST = 0x52 };

const struct rs_fact *
observation_fact(const struct rs_observation *observation, enum rs_fact_id id)
{
    for (guint i = 0; i < observation->n_facts; i++)
        if (observation->facts[i].id == id)
            return &observation->facts[i];
    return NULL;
}

static gboolean
text_matches(const char *text, const char *wanted)
{
    size_t length;

    if (!wanted)
        return TRUE;
    length = strlen(wanted);
    return text && strncmp(text, wanted, length) == 0 &&
           (text[length] == '\0' || text[length] == ' ');
}

static void
set_trigger(struct tracked_device *device, const char *name, gint64 window_us, gint64 time_us)
{
    device->trigger = name;
    device->trigger_window_us = window_us;
    device->trigger_time_us = time_us;
}

static void
learn_trigger(struct tracked_device *device, const struct rs_fact *fact, gint64 time_us)
{
    for (size_t i = 0; i < G_N_ELEMENTS(triggers); i++)
        if (fact->id == triggers[i].fact && text_matches(fact->text, triggers[i].text))
            set_trigger(device, triggers[i].name, triggers[i].window_us, time_us);
    if (fact->id == RS_FACT_MUX_REQUEST && fact->number == SET_MODE_REQUEST)
        set_trigger(device, "SET_MODE", SECONDS(15), time_us);
}

static void
learn_mode(struct tracked_device *device, const struct rs_fact *fact)
{
    gboolean is_restored = fact->id == RS_FACT_RESTORED_MSG_TYPE ||
                           (fact->id == RS_FACT_RESTORED_TYPE &&
                            g_strcmp0(fact->text, "com.apple.mobile.restored") == 0);

    if (is_restored && !device->is_restored) {
        device->is_restored = TRUE;
        device_set_mode(device, "restore");
    }
    if (fact->id == RS_FACT_LOCKDOWN_TYPE &&
        g_strcmp0(fact->text, "com.apple.mobile.lockdown") == 0)
        device_set_mode(device, "normal");
}

struct tracked_device *
devices_learn(rs_tracker *tracker, struct tracked_device *device,
              const struct rs_observation *observation, struct rs_note *note)
{
    for (guint i = 0; i < observation->n_facts; i++) {
        const struct rs_fact *fact = &observation->facts[i];

        learn_trigger(device, fact, observation->time_us);
        learn_mode(device, fact);
        if ((fact->id == RS_FACT_RESTORED_ECID || fact->id == RS_FACT_LOCKDOWN_ECID ||
             fact->id == RS_FACT_KIS_ECID) &&
            fact->text)
            device = device_set_ecid(tracker, device, g_ascii_strtoull(fact->text, NULL, 0),
                                     observation, note);
    }
    return device;
}

gboolean
device_leave_is_planned(const struct tracked_device *device, gint64 time_us)
{
    return device->trigger && time_us - device->trigger_time_us <= device->trigger_window_us;
}
