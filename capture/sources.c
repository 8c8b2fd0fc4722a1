/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Without -i all buses are read, and those recorded that have a device of Apple's: an iPhone
 * changes its bus with its mode. */
#include "capture/sources.h"

#include "capture/error.h"
#include "capture/interfaces.h"
#include "capture/memory.h"
#include "capture/sources/network.h"
#include "capture/sources/usbmon.h"
#include "capture/sources/usbmon_pcap.h"

enum {
    MIB = 1 << 20,
    LATER_BUSES = 32, /* that may come */
    LATER_RING = 4 * MIB,
};

static void
free_source(gpointer data)
{
    rs_source *source = (rs_source *)data;

    source->ops->free(source);
}

/* For what waits to be written: touched when the disk does not keep up. */
static size_t
ring_bytes(void)
{
    return rs_memory_share("/proc", 8, 16 * MIB, 256 * MIB);
}

/* The kernel has what is asked for, of memory that nobody else can use. */
static size_t
kernel_bytes(unsigned n_buses)
{
    return rs_memory_share("/proc", 16, 4 * MIB, 256 * MIB) / MAX(n_buses, 1U);
}

static rs_source *
open_bus(const struct rs_capture_options *options, unsigned bus, unsigned n_buses,
         uint32_t snap_length, gboolean is_armed, GError **error)
{
    const struct rs_usbmon_options usb = { .bus = bus,
                                           .payload = options->payload,
                                           .snap_length = snap_length,
                                           .is_armed = is_armed,
                                           .ring_bytes = ring_bytes(),
                                           .kernel_bytes = kernel_bytes(n_buses),
                                           .otherwise = rs_usbmon_pcap_device };

    return rs_usbmon_new(&usb, &rs_usbmon_kernel, error);
}

static rs_source *
open_network(const struct rs_capture_options *options, const char *name, const char *filter,
             uint32_t snap_length, GError **error)
{
    const struct rs_network_options network = {
        .name = name,
        .filter = filter,
        .snap_length = snap_length,
        .ring_mib = options->ring_mib
                        ? options->ring_mib
                        : (unsigned)(rs_memory_share("/proc", 32, 8 * MIB, 64 * MIB) / MIB),
    };

    return rs_network_new(&network, error);
}

/* -D gives numbers, which may be used for names, as dumpcap has it. */
static const char *
name_of(const char *wanted, const GPtrArray *all)
{
    guint64 number;

    if (!g_ascii_string_to_unsigned(wanted, 10, 1, all->len, &number, NULL))
        return wanted;
    return ((const struct rs_found *)all->pdata[number - 1])->name;
}

static gboolean
open_wanted(const struct rs_capture_options *options, GPtrArray *sources, GError **error)
{
    g_autoptr(GPtrArray) all = rs_interfaces_all();

    for (guint i = 0; i < options->wanted->len; i++) {
        const struct rs_wanted *wanted = &g_array_index(options->wanted, struct rs_wanted, i);
        const char *name = name_of(wanted->name, all);
        const int bus = rs_interfaces_bus(name);
        rs_source *source =
            bus >= 0 ? open_bus(options, (unsigned)bus, options->wanted->len, wanted->snap_length,
                                TRUE, error)
                     : open_network(options, name, wanted->filter, wanted->snap_length, error);

        if (!source)
            return FALSE;
        source->is_required = TRUE;
        g_ptr_array_add(sources, source);
    }
    return TRUE;
}

static unsigned
count_buses(const GPtrArray *all)
{
    unsigned n = 0;

    for (guint i = 0; i < all->len; i++)
        n += rs_interfaces_bus(((const struct rs_found *)all->pdata[i])->name) > 0;
    return n;
}

/* For buses that will come. */
static void
add_vacant(const struct rs_capture_options *options, GPtrArray *sources)
{
    const struct rs_usbmon_options usb = { .comes_later = TRUE,
                                           .payload = options->payload,
                                           .snap_length = options->common.snap_length,
                                           .ring_bytes = ring_bytes(),
                                           .kernel_bytes = LATER_RING };

    for (unsigned i = 0; i < LATER_BUSES; i++)
        g_ptr_array_add(sources, rs_usbmon_new(&usb, &rs_usbmon_kernel, NULL));
}

/* Every bus; the first that cannot be opened is the reason when none can. */
static gboolean
open_buses(const struct rs_capture_options *options, GPtrArray *sources, GError **error)
{
    g_autoptr(GPtrArray) all = rs_interfaces_all();
    const unsigned n = count_buses(all);

    for (guint i = 0; i < all->len; i++) {
        const int bus = rs_interfaces_bus(((const struct rs_found *)all->pdata[i])->name);
        rs_source *source;

        if (bus <= 0)
            continue;
        source = open_bus(options, (unsigned)bus, n, options->common.snap_length, FALSE, error);
        if (!source)
            return FALSE;
        g_ptr_array_add(sources, source);
    }
    add_vacant(options, sources);
    if (n > 0 || g_file_test("/dev/usbmon0", G_FILE_TEST_EXISTS))
        return TRUE;
    /* Asks for a bus that is not there, for the message that says why there is none. */
    rs_source *none = open_bus(options, 1, 1, 0, FALSE, error);

    if (none)
        g_ptr_array_add(sources, none);
    return none != NULL;
}

static gboolean
open_routed(const struct rs_capture_options *options, GPtrArray *sources, GPtrArray *notes,
            GError **error)
{
    g_autoptr(GPtrArray) routed = rs_interfaces_routed("/proc");

    for (guint i = 0; i < routed->len; i++) {
        const struct rs_found *found = (const struct rs_found *)routed->pdata[i];
        const char *filter = found->filter ? found->filter : options->common.filter;
        rs_source *source =
            open_network(options, found->name, filter, options->common.snap_length, error);

        if (!source)
            return FALSE;
        g_ptr_array_add(sources, source);
    }
    if (routed->len == 0)
        g_ptr_array_add(notes, g_strdup("no network interface has a route; only USB is recorded"));
    return TRUE;
}

GPtrArray *
rs_sources_open(const struct rs_capture_options *options, GPtrArray *notes, GError **error)
{
    g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func(free_source);

    if (options->wanted->len > 0
            ? !open_wanted(options, sources, error)
            : !open_buses(options, sources, error) || !open_routed(options, sources, notes, error))
        return NULL;
    g_ptr_array_set_free_func(sources, NULL);
    return g_steal_pointer(&sources);
}
