/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Words for counts. */
#include "capture/status.h"

enum { US_PER_S = 1000000, S_PER_MIN = 60 };

struct totals {
    guint64 usb, network, lost;
};

/* A request that lacks its half was lost, whether the kernel counted it or not. */
static guint64
lost(const struct rs_counts *counts)
{
    return MAX(counts->dropped, counts->unpaired) + counts->full;
}

static struct totals
total(rs_collector *collector)
{
    struct totals totals = { 0 };

    for (unsigned i = 0; i < rs_collector_n(collector); i++) {
        const char *name = rs_collector_source(collector, i)->interface.name;
        struct rs_counts counts;
        uint64_t written;

        rs_collector_count(collector, i, &counts, &written);
        totals.lost += lost(&counts);
        if (name && g_str_has_prefix(name, "usbmon"))
            totals.usb += written;
        else
            totals.network += written;
    }
    return totals;
}

char *
rs_status_line(rs_collector *collector, const rs_output *output, gint64 elapsed_us)
{
    const struct totals totals = total(collector);
    const gint64 seconds = elapsed_us / US_PER_S;
    g_autofree char *size = g_format_size(rs_output_written(output));

    return g_strdup_printf("recording %02d:%02d  USB %" G_GUINT64_FORMAT
                           "  network %" G_GUINT64_FORMAT "  %s  dropped %" G_GUINT64_FORMAT,
                           (int)(seconds / S_PER_MIN), (int)(seconds % S_PER_MIN), totals.usb,
                           totals.network, size, totals.lost);
}

char *
rs_status_table(rs_collector *collector)
{
    GString *out = g_string_new(NULL);

    for (unsigned i = 0; i < rs_collector_n(collector); i++) {
        const rs_source *source = rs_collector_source(collector, i);
        struct rs_counts counts;
        uint64_t written;

        if (!source->interface.name)
            continue;
        rs_collector_count(collector, i, &counts, &written);
        if (written == 0 && counts.dropped + counts.full == 0 && !source->is_required)
            continue;
        g_string_append_printf(out,
                               "  %-12s %" G_GUINT64_FORMAT " recorded, %" G_GUINT64_FORMAT
                               " received, %" G_GUINT64_FORMAT " dropped",
                               source->interface.name, written, counts.received,
                               counts.dropped + counts.full);
        if (counts.unpaired)
            g_string_append_printf(out, ", %" G_GUINT64_FORMAT " halves of requests missing",
                                   counts.unpaired);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

guint64
rs_status_lost(rs_collector *collector)
{
    return total(collector).lost;
}
