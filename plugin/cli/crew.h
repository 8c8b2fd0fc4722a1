/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Many pieces of work done by several threads, their results handed over one by one. */
#pragma once

#include <glib.h>

struct rs_crew {
    guint n_items;
    guint n_workers; /* at least 1 */
    gboolean ordered;

    /* Does item index in one of the threads and returns its result, not NULL. */
    gpointer (*work)(guint index, gpointer data);

    /* Takes a result over, in the thread that called rs_crew_run(): in the order of the items if
     * ordered, else as they come. FALSE: begin nothing more. */
    gboolean (*take)(guint index, gpointer result, gpointer data);

    /* Called once after take said FALSE, so that work that is under way can be cut off; or NULL. */
    void (*stop)(gpointer data);

    /* For results that take will not get any more. */
    GDestroyNotify free_result;
    gpointer data;
};

/* At most this many results per worker wait for their turn, those being worked on included. */
enum { RS_CREW_WINDOW = 4 };

/* Returns when all is taken, or after a FALSE when all workers have come to their end. */
void rs_crew_run(const struct rs_crew *crew);
