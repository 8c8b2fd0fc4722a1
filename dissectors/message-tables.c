/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How often which message came, and how long which answer took. Facts: epan/srt_table.h and
 * epan/stats_tree.h of Wireshark 4.0. */

#include "dissectors/message-tables.h"

#include <epan/srt_table.h>
#include <epan/stats_tree.h>
#include <epan/tap.h>

enum {
    ROWS_MAX = 200,  /* kinds of requests shown; names come from the wire */
    NAME_BYTES = 100 /* of a name */
};

/* What a packet tells: a message, or that a question was answered. */
struct told {
    const char *kind, *detail;
    const struct mux_exchange *answered;
};

static void
begin_times(struct register_srt *srt, GArray *tables)
{
    init_srt_table(proto_get_protocol_long_name(find_protocol_by_id(get_srt_proto_id(srt))), NULL,
                   tables, 0, "Request", NULL, NULL);
}

/* The number of the row of that name, a new one if need be; -1: there are too many. */
static int
row_of(srt_stat_table *table, const char *name)
{
    for (int i = 0; i < table->num_procs; i++) {
        if (g_strcmp0(table->procedures[i].procedure, name) == 0)
            return i;
    }
    if (table->num_procs >= ROWS_MAX)
        return -1;
    init_srt_table_row(table, table->num_procs, name);
    return table->num_procs - 1;
}

static tap_packet_status
count_time(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
           tap_flags_t flags _U_)
{
    srt_stat_table *table = g_array_index(((srt_data_t *)tapdata)->srt_array, srt_stat_table *, 0);
    const struct told *told = (const struct told *)data;
    int row;

    if (!told->answered)
        return TAP_PACKET_DONT_REDRAW;
    row = row_of(table, wmem_strndup(pinfo->pool, told->answered->name, NAME_BYTES));
    if (row < 0)
        return TAP_PACKET_DONT_REDRAW;
    add_srt_table_data(table, row, &told->answered->asked, pinfo);
    return TAP_PACKET_REDRAW;
}

static void
begin_counts(stats_tree *tree)
{
    stats_tree_create_node(tree, "Messages", 0, STAT_DT_INT, TRUE);
}

static tap_packet_status
count_message(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
              tap_flags_t flags _U_)
{
    const struct told *told = (const struct told *)data;
    int kind;

    if (!told->kind)
        return TAP_PACKET_DONT_REDRAW;
    kind = tick_stat_node(tree, "Messages", 0, TRUE);
    kind = tick_stat_node(tree, wmem_strndup(pinfo->pool, told->kind, NAME_BYTES), kind, TRUE);
    if (told->detail)
        tick_stat_node(tree, wmem_strndup(pinfo->pool, told->detail, NAME_BYTES), kind, FALSE);
    return TAP_PACKET_REDRAW;
}

int
message_tables_register(int proto, const char *title)
{
    const char *name = proto_get_protocol_filter_name(proto);
    g_autofree char *place = g_strdup_printf("iOS restore/%s messages", title);
    int tap = register_tap(name);

    register_srt_table(proto, NULL, 1, count_time, begin_times, NULL);
    stats_tree_register_plugin(name, name, place, 0, count_message, begin_counts, NULL);
    return tap;
}

void
message_tables_tell(int tables, packet_info *pinfo, const char *kind, const char *detail)
{
    struct told *told;

    if (!have_tap_listener(tables))
        return;
    told = wmem_new0(pinfo->pool, struct told);
    told->kind = kind;
    told->detail = detail;
    tap_queue_packet(tables, pinfo, told);
}

void
message_tables_answered(int tables, packet_info *pinfo, const struct mux_exchange *exchange)
{
    struct told *told;

    if (!have_tap_listener(tables) || !exchange || exchange->answer != pinfo->num)
        return;
    told = wmem_new0(pinfo->pool, struct told);
    told->answered = exchange;
    tap_queue_packet(tables, pinfo, told);
}
