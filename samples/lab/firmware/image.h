/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The content of a firmware's files. Nobody runs it: it is text that says where it belongs, the
 * same each time, so that a piece of it is recognised in a recording, and what damaged it too. */
#pragma once

#include <glib.h>

/* `length` bytes of numbered lines with `name` and `build` in them. */
GByteArray *lab_image_filler(const char *name, const char *build, gsize length);

/* An unsigned Image4 file: `fourcc`, `version` and the payload, which is freed. */
GByteArray *lab_image_im4p(const char *fourcc, const char *version, GByteArray *payload);

/* Gives an Image4 file another four-character type. False when it is no such file. */
gboolean lab_image_retype(GByteArray *im4p, const char *fourcc);

/* A disk image of `length` bytes in all: what it holds and the trailer that says how much. */
GByteArray *lab_image_disk(const char *name, const char *build, gsize length);

/* The modem's firmware: a zip archive of the files that get their own signatures and one that does
 * not, with signature room at their ends. `modem` is the archive's name. */
GByteArray *lab_image_modem(const char *modem, const char *build);

/* Spoils the middle of a file and leaves its length and both ends. */
void lab_image_spoil(GByteArray *file);
