/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ASR, the phone's end: takes the filesystem image (idevicerestore 1.0.0, src/asr.c). */
#pragma once

#include "samples/lab/vphone/mux/mux.h"

enum { LAB_ASR_PORT = 12345 };

typedef struct lab_asr lab_asr_t;

typedef struct {
    bool checksums;   /* every chunk is followed by its SHA-1 */
    uint64_t drop_at; /* byte of the payload at which asr dies; 0: never */
    /* The image is there, or `failure` tells why it is not. Called once; the asr may be freed. */
    void (*done)(void *user, const char *failure);
    void *user;
} lab_asr_options_t;

/* Listens from now on; nothing did before. */
lab_asr_t *lab_asr_new(lab_mux_t *mux, const lab_asr_options_t *options);
void lab_asr_free(lab_asr_t *asr);
