/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where tshark, our plugin and our data are. */
#pragma once

#include <glib.h>

/* The program tshark, from PATH. The caller's; NULL with error set (RS_EXIT_INTERNAL). */
char *rs_places_tshark(GError **error);

/* The folder that holds <version>/epan/restorescope.so: beside the program in a build tree, else
 * where it was installed. The caller's; NULL with error set (RS_EXIT_INTERNAL). */
char *rs_places_plugins(GError **error);

/* The folder of rules/ and knowledge/: RESTORESCOPE_DATA_DIR, beside the program in a build tree,
 * else where it was installed. The caller's; NULL with error set (RS_EXIT_INTERNAL). */
char *rs_places_data(GError **error);

/* restorecap, beside this program or in PATH. */
char *rs_places_recorder(GError **error);
