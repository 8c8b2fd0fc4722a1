/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Between the parts of this folder. */
#pragma once

#include "plugin/sidelog/sidelog.h"
#include "plugin/sidelog/stamp.h"

/* A line that says something of a cause: a phrase, or a code (without a domain where the line does
 * not tell it). */
struct rs_side_hit {
    guint64 number;
    gint64 time_us; /* or RS_SIDE_NO_TIME */
    const struct rs_known_phrase *phrase;
    const struct rs_known_code *code; /* when it has no phrase */
    char *text;
    gboolean is_last_word; /* a code that the device or the tool ended with */
};

/* A line that tells how far the restore was: what the tracker calls it. */
struct rs_side_step {
    guint64 number;
    gint64 time_us;
    gboolean is_mode; /* else a phase */
    const char *name;
};

enum rs_side_end { RS_SIDE_END_UNKNOWN, RS_SIDE_FINISHED, RS_SIDE_FAILED };

struct rs_side_log {
    const rs_knowledge *knowledge;
    enum rs_side_source source;
    char *name;
    guint64 n_lines;
    GArray *hits;              /* struct rs_side_hit */
    GArray *steps;             /* struct rs_side_step */
    enum rs_stamp_kind stamps; /* what the first stamp was; others are none */
    gint64 last_us;            /* the newest line's, without whole days that passed since */
    gint64 day_us;             /* those days */
    enum rs_side_end end;
    guint64 end_number;     /* the line that tells */
    guint64 ecid;           /* 0: not told */
    char *product;          /* or NULL */
    gboolean names_several; /* devices */
    gboolean awaits_status; /* the next line has the number of a status */
};

/* What words of one line mean; text is clean. */
const struct rs_known_phrase *rs_side_phrase(const rs_knowledge *knowledge, const char *text,
                                             gboolean is_kernel);
const struct rs_known_code *rs_side_code(const rs_knowledge *knowledge, const char *text,
                                         gboolean *ret_last_word);
const struct rs_known_code *rs_side_status(const rs_knowledge *knowledge, const char *text);
gboolean rs_side_awaits_status(const char *text);
gboolean rs_side_step(const char *text, struct rs_side_step *ret_step);
enum rs_side_end rs_side_end(const char *text);
guint64 rs_side_ecid(const char *text);  /* 0: none */
char *rs_side_product(const char *text); /* NULL: none */

/* Where lines lie in the capture. */
struct rs_side_place {
    gboolean by_time;  /* else by order */
    gboolean by_clock; /* the stamps are the capture's own time */
    double shift_s;    /* from the stamps to the capture's seconds */
    guint n_steps;     /* that stand in both */
    GArray *anchors;   /* struct rs_side_anchor, in order */
};

struct rs_side_anchor {
    guint64 number;
    double start_s;
};

void rs_side_place_init(struct rs_side_place *place, const rs_side_log *log, JsonObject *report);
void rs_side_place_clear(struct rs_side_place *place);

/* Between which seconds of the capture a line was written; the same twice when that is known. What
 * is not known is NAN; FALSE when nothing is. */
gboolean rs_side_place_of(const struct rs_side_place *place, const struct rs_side_hit *hit,
                          double *ret_after_s, double *ret_before_s);

/* How it was placed, in words; the caller's. */
char *rs_side_place_says(const struct rs_side_place *place, const rs_side_log *log);

/* How well a line fits the verdict; better is larger. */
enum rs_side_fit {
    RS_SIDE_FIT_NONE,
    RS_SIDE_FIT_OTHER,
    RS_SIDE_FIT_FINDING,
    RS_SIDE_FIT_RIVAL,
    RS_SIDE_FIT_ROOT
};

struct rs_side_weighed {
    const struct rs_side_hit *hit;
    enum rs_side_fit fit;
    gboolean is_placed, is_early; /* early: before the root */
    double after_s, before_s;
};

struct rs_side_judge {
    const rs_side_log *log;
    JsonObject *report, *root;
    struct rs_side_place place;
    GArray *weighed; /* struct rs_side_weighed, the best first */
    enum rs_side_fit best;
};

void rs_side_weigh(struct rs_side_judge *judge, const rs_side_log *log, JsonObject *report);
void rs_side_judge_clear(struct rs_side_judge *judge);
