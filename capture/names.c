/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * dumpcap(1), -b. */
#include <string.h>

#include "capture/names.h"

char *
rs_names_next(struct rs_names *names, GDateTime *now)
{
    g_autofree char *time =
        g_date_time_format(now, names->wanted ? "%Y%m%d%H%M%S" : "%Y%m%dT%H%M%SZ");
    g_autofree char *chosen =
        names->wanted ? g_strdup(names->wanted) : g_strdup_printf("restore-%s.pcapng", time);
    const char *slash = strrchr(chosen, '/');
    const char *dot = strrchr(slash ? slash : chosen, '.');

    names->number++;
    if (!names->is_ring)
        return g_steal_pointer(&chosen);
    if (!dot)
        dot = chosen + strlen(chosen);
    return g_strdup_printf("%.*s_%05u_%s%s", (int)(dot - chosen), chosen, names->number, time, dot);
}
