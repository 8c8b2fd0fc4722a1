/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How a phone comes and goes: leaves the bus, is away for a while, comes back in some mode. What is
 * asked of it meanwhile is in requests.c and transfers.c, what goes wrong in faults.c. */
#include "samples/lab/vphone/phone.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "samples/lab/vphone/bus/state.h"

static const char *const mode_names[] = {
#define X(id, name, pid) name,
    LAB_MODES(X)
#undef X
};

static const lab_mode_ops_t *mode_ops[LAB_N_MODES];
static GPtrArray *phones; /* every one of the process */
static bool something_failed;

static gboolean come_back(gpointer user);

bool
lab_mode_from_name(const char *name, lab_mode_t *mode)
{
    for (size_t i = 0; i < LAB_N_MODES; i++) {
        if (strcmp(mode_names[i], name) == 0) {
            *mode = (lab_mode_t)i;
            return true;
        }
    }
    return false;
}

const char *
lab_mode_name(lab_mode_t mode)
{
    return mode_names[mode];
}

void
lab_phones_serve(const lab_mode_ops_t *const by_mode[LAB_N_MODES])
{
    memcpy(mode_ops, by_mode, sizeof(mode_ops));
}

void
lab_phones_set_failed(void)
{
    something_failed = true;
}

bool
lab_phones_failed(void)
{
    return something_failed;
}

void
lab_phone_log(const lab_phone_t *phone, const char *format, ...)
{
    gint64 now = g_get_real_time();
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    fprintf(stderr, "%" G_GINT64_FORMAT ".%06d vphone %u: %s\n", now / G_USEC_PER_SEC,
            (int)(now % G_USEC_PER_SEC), phone->index, text);
}

/* ---- what the others ask ---- */

lab_identity_t *
lab_phone_identity(lab_phone_t *phone)
{
    return &phone->id;
}

const lab_scenario_t *
lab_phone_scenario(const lab_phone_t *phone)
{
    return phone->scenario;
}

const char *
lab_phone_config(const lab_phone_t *phone, const char *key, const char *fallback)
{
    return lab_scenario_get(phone->scenario, phone->group, key, fallback);
}

lab_mode_t
lab_phone_mode(const lab_phone_t *phone)
{
    return phone->mode;
}

lab_marks_t *
lab_phone_marks(lab_phone_t *phone)
{
    return phone->marks;
}

bool
lab_phone_is_on_bus(const lab_phone_t *phone)
{
    return phone->port && !phone->is_cut;
}

void
lab_phone_learn_address(lab_phone_t *phone)
{
    unsigned bus, address;

    if (!lab_phone_is_on_bus(phone) || !lab_port_address(phone->port, &bus, &address))
        return;
    if (phone->address != address)
        lab_phone_log(phone, "is device %u of bus %u", address, bus);
    phone->bus = bus;
    phone->address = address;
}

/* ---- leaving ---- */

static void
drop_source(guint *source)
{
    if (*source)
        g_source_remove(*source);
    *source = 0;
}

/* The mode and the transfers end; never from inside of them. */
static void
finish(lab_phone_t *phone)
{
    drop_source(&phone->finish_source);
    if (!phone->port)
        return;
    lab_transfers_clear(phone);
    lab_port_unplug(phone->port);
    phone->port = NULL;
    if (phone->ops)
        phone->ops->stop(phone->self);
    phone->ops = NULL;
    phone->self = NULL;
}

static gboolean
finish_when_idle(gpointer user)
{
    lab_phone_t *phone = user;

    phone->finish_source = 0;
    finish(phone);
    return G_SOURCE_REMOVE;
}

void
lab_phone_leave(lab_phone_t *phone)
{
    drop_source(&phone->leave_source);
    if (!lab_phone_is_on_bus(phone))
        return;
    lab_phone_log(phone, "leaves the bus (%s)", lab_mode_name(phone->mode));
    phone->left_us = g_get_real_time();
    phone->is_cut = true;
    lab_port_cut(phone->port);
    if (!phone->finish_source)
        phone->finish_source = g_idle_add_full(G_PRIORITY_HIGH, finish_when_idle, phone, NULL);
}

void
lab_phone_unplug(lab_phone_t *phone)
{
    lab_phone_leave(phone);
    phone->is_gone = true;
    drop_source(&phone->return_source);
}

void
lab_phone_unplug_others(const lab_phone_t *phone)
{
    for (guint i = 0; phones && i < phones->len; i++)
        if (g_ptr_array_index(phones, i) != phone)
            lab_phone_unplug(g_ptr_array_index(phones, i));
}

/* ---- coming back ---- */

void
lab_phone_return_after(lab_phone_t *phone, lab_mode_t mode, bool boots, unsigned after_ms)
{
    drop_source(&phone->return_source);
    phone->next_mode = mode;
    phone->boots = boots;
    phone->attach_was_told = false;
    phone->return_source = g_timeout_add(after_ms, come_back, phone);
}

static void
enter(lab_phone_t *phone, lab_mode_t mode, unsigned after_ms)
{
    if (phone->is_gone || !lab_faults_allow_leave(phone))
        return;
    lab_phone_leave(phone);
    lab_phone_return_after(phone, mode, true, after_ms);
}

void
lab_phone_enter(lab_phone_t *phone, lab_mode_t mode, unsigned after_ms)
{
    enter(phone, mode, after_ms);
}

static gboolean
enter_now(gpointer user)
{
    lab_phone_t *phone = user;

    phone->leave_source = 0;
    enter(phone, phone->soon_mode, phone->soon_after_ms);
    return G_SOURCE_REMOVE;
}

void
lab_phone_enter_soon(lab_phone_t *phone, unsigned leave_ms, lab_mode_t mode, unsigned after_ms)
{
    drop_source(&phone->leave_source);
    phone->soon_mode = mode;
    phone->soon_after_ms = after_ms;
    phone->leave_source = g_timeout_add(leave_ms, enter_now, phone);
}

static bool
starts_iboot(lab_mode_t mode)
{
    return mode == LAB_MODE_DFU || mode == LAB_MODE_WTF || mode == LAB_MODE_PORT_DFU ||
           mode == LAB_MODE_RECOVERY;
}

static void
plug(lab_phone_t *phone)
{
    g_autoptr(GError) error = NULL;

    finish(phone);
    phone->mode = phone->next_mode;
    phone->is_cut = phone->is_enumerated = false;
    phone->configuration = 0;
    phone->address = 0;
    if (phone->left_us && g_str_equal(lab_phone_config(phone, "hops", "no"), "yes"))
        phone->port_number = (phone->port_number + LAB_PORTS_OF_BUS) % (2 * LAB_PORTS_OF_BUS);
    if (!lab_port_bus(phone->port_number, &phone->bus))
        phone->bus = 1;
    if (phone->boots && phone->id.stage == 0 && starts_iboot(phone->mode))
        lab_identity_boot(phone);
    phone->boots = false;
    phone->port = lab_port_plug(phone->port_number, &lab_phone_port_ops, phone, &error);
    if (!phone->port) {
        lab_phone_log(phone, "cannot be plugged in: %s", error->message);
        lab_phones_set_failed();
        return;
    }
    lab_phone_log(phone, "is plugged in (%s)", lab_mode_name(phone->mode));
    phone->ops = mode_ops[phone->mode];
    phone->self = phone->ops->start(phone);
    lab_faults_run_storm(phone);
}

static gboolean
come_back(gpointer user)
{
    lab_phone_t *phone = user;
    guint source = phone->return_source;

    phone->return_source = 0;
    if (lab_faults_is_late(phone))
        return G_SOURCE_REMOVE;
    if (!phone->attach_was_told) {
        phone->attach_was_told = true;
        (void)lab_phone_step(phone, LAB_STEP_ATTACH, lab_mode_name(phone->next_mode), NULL,
                             &(lab_act_t){ 0 });
    }
    /* Its actions may have put off or prevented what was about to happen. */
    if (phone->is_gone || (phone->return_source && phone->return_source != source) ||
        lab_faults_is_late(phone) || !lab_faults_allow_return(phone))
        return G_SOURCE_REMOVE;
    plug(phone);
    return G_SOURCE_REMOVE;
}

void
lab_phone_plug(lab_phone_t *phone, unsigned port)
{
    const char *fallback = phone->index == 0
                               ? lab_scenario_get(phone->scenario, "scenario", "start", "recovery")
                               : "normal";
    const char *start = lab_phone_config(phone, "start", fallback);
    lab_mode_t mode;

    phone->port_number = port;
    if (lab_mode_from_name(start, &mode)) /* "none": it stays away */
        lab_phone_return_after(phone, mode, false, 0);
}

/* ---- from nothing, and to it ---- */

/* "device" is the first, whether it is written or not; then those with a name. */
static const char *
group_of(const lab_scenario_t *scenario, unsigned index)
{
    const char *const *groups = lab_scenario_groups(scenario, "device");

    if (index == 0)
        return "device";
    for (; *groups; groups++)
        if (strcmp(*groups, "device") != 0 && --index == 0)
            return *groups;
    return NULL;
}

unsigned
lab_phones_of(const lab_scenario_t *scenario)
{
    unsigned n = 0;

    while (group_of(scenario, n))
        n++;
    return n;
}

const char *
lab_phone_group(const lab_scenario_t *scenario, unsigned index)
{
    return group_of(scenario, index);
}

lab_phone_t *
lab_phone_new(const lab_scenario_t *scenario, unsigned index, lab_faults_t *faults,
              lab_marks_t *marks, GError **error)
{
    lab_phone_t *phone = g_new0(lab_phone_t, 1);

    phone->scenario = scenario;
    phone->faults = faults;
    phone->marks = marks;
    phone->index = index;
    phone->group = group_of(scenario, index);
    if (!phone->group || !lab_identity_init(phone, error)) {
        g_free(phone);
        return NULL;
    }
    if (!phones)
        phones = g_ptr_array_new();
    g_ptr_array_add(phones, phone);
    return phone;
}

void
lab_phone_free(lab_phone_t *phone)
{
    if (!phone)
        return;
    lab_phone_leave(phone);
    finish(phone);
    drop_source(&phone->return_source);
    lab_faults_clear(phone);
    g_ptr_array_remove(phones, phone);
    lab_identity_clear(phone);
    g_free(phone);
}
