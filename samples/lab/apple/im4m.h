/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tickets: the Image4 manifest (IM4M) for the application processor, and what stands for the
 * tickets of other chips. */
#pragma once

#include <plist/plist.h>

#include "samples/lab/apple/certs.h"

/* The manifest for a signing request: the device's identity and nonces, and a digest for every
 * component of the request. `signer` signs it. */
GByteArray *apple_im4m_new(plist_t request, const apple_credentials_t *signer);

/* DER that names `kind`, bound to the request and signed; several hundred bytes. */
GByteArray *apple_ticket_new(const char *kind, plist_t request, const apple_credentials_t *signer);
