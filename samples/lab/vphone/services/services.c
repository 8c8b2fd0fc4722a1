/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What listens in normal mode. Restore mode's services are in services-restore.c. */
#include "samples/lab/vphone/services/lockdownd.h"

void
lab_services_start_normal(lab_mux_t *mux, lab_phone_t *phone)
{
    (void)phone;
    lab_mux_listen(mux, LAB_LOCKDOWN_PORT, &lab_lockdownd, NULL);
}

void
lab_services_erase(lab_phone_t *phone)
{
    lab_pair_forget(phone, NULL);
    lab_lockdown_unset_all(phone);
}
