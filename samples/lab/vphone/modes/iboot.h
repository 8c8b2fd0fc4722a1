/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * iBoot as recovery mode has it: a command line that is typed over USB, variables, and an image in
 * memory that a command makes use of. Below it recovery.c has the transfers. */
#pragma once

#include "samples/lab/vphone/phone.h"

typedef struct lab_iboot lab_iboot_t;

/* As stage lab_identity_t.stage of the boot chain. */
lab_iboot_t *lab_iboot_new(lab_phone_t *phone);
void lab_iboot_free(lab_iboot_t *iboot);
unsigned lab_iboot_stage(const lab_iboot_t *iboot);

/* Obeys one line. Whatever makes the phone leave the bus happens a little later. */
void lab_iboot_obey(lab_iboot_t *iboot, const char *line);
/* What the last command answers, "" when it has nothing to say. */
const char *lab_iboot_answer(const lab_iboot_t *iboot);
/* The variable that the last command asked for, "" when it was another command. */
const char *lab_iboot_asked_for(const lab_iboot_t *iboot);
/* An image of that type was uploaded: "ibec", "" for one of no known kind. */
void lab_iboot_loaded(lab_iboot_t *iboot, const char *type);
