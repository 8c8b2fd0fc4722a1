/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lifetime of a diagnosis. */
#include "plugin/report/diagnosis.h"

static void
free_phase(gpointer data)
{
    struct rs_phase_span *phase = data;

    g_free(phase->name);
    g_free(phase);
}

static void
free_mode(gpointer data)
{
    struct rs_mode_span *mode = data;

    g_free(mode->mode);
    g_free(mode);
}

static void
free_contact(gpointer data)
{
    struct rs_contact_span *contact = data;

    g_free(contact->state);
    g_free(contact);
}

struct rs_host_row *
rs_host_row_new(const char *name, const char *role, const char *state)
{
    struct rs_host_row *host = g_new0(struct rs_host_row, 1);

    host->name = g_strdup(name);
    host->role = g_strdup(role);
    host->state = g_strdup(state);
    host->contacts = g_ptr_array_new_with_free_func(free_contact);
    return host;
}

void
rs_host_row_add(struct rs_host_row *host, const struct rs_contact_span *contact)
{
    struct rs_contact_span *copy = g_new(struct rs_contact_span, 1);

    *copy = *contact;
    copy->state = g_strdup(contact->state);
    g_ptr_array_add(host->contacts, copy);
}

static void
free_host(gpointer data)
{
    struct rs_host_row *host = data;

    g_ptr_array_unref(host->contacts);
    g_free(host->name);
    g_free(host->role);
    g_free(host->state);
    g_free(host);
}

static void
free_attempt(gpointer data)
{
    struct rs_attempt *attempt = data;

    g_free(attempt->session);
    g_free(attempt->ecid);
    g_free(attempt->product);
    g_free(attempt);
}

struct rs_diagnosis *
rs_diagnosis_new(void)
{
    struct rs_diagnosis *diagnosis = g_new0(struct rs_diagnosis, 1);

    diagnosis->outcome = RS_NO_RESTORE;
    diagnosis->modes = g_ptr_array_new_with_free_func(free_mode);
    diagnosis->phases = g_ptr_array_new_with_free_func(free_phase);
    diagnosis->hosts = g_ptr_array_new_with_free_func(free_host);
    diagnosis->attempts = g_ptr_array_new_with_free_func(free_attempt);
    diagnosis->waits = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    diagnosis->streams = g_ptr_array_new_with_free_func(g_free);
    diagnosis->usb_errors = g_ptr_array_new_with_free_func(g_free);
    diagnosis->warnings = g_ptr_array_new_with_free_func(g_free);
    return diagnosis;
}

void
rs_diagnosis_free(struct rs_diagnosis *diagnosis)
{
    if (!diagnosis)
        return;
    g_clear_pointer(&diagnosis->attempts, g_ptr_array_unref);
    g_clear_pointer(&diagnosis->waits, g_hash_table_unref);
    g_clear_pointer(&diagnosis->ranked, g_ptr_array_unref);
    g_clear_pointer(&diagnosis->findings, g_ptr_array_unref);
    g_clear_pointer(&diagnosis->warnings, g_ptr_array_unref);
    g_clear_pointer(&diagnosis->streams, g_ptr_array_unref);
    g_clear_pointer(&diagnosis->usb_errors, g_ptr_array_unref);
    g_clear_pointer(&diagnosis->hosts, g_ptr_array_unref);
    g_clear_pointer(&diagnosis->phases, g_ptr_array_unref);
    g_clear_pointer(&diagnosis->modes, g_ptr_array_unref);
    g_free(diagnosis->ecid);
    g_free(diagnosis->product);
    g_free(diagnosis);
}
