/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is known about error codes and their causes: errors.json, loaded and indexed. It says what a
 * number means and what to do about a cause; it knows no rules and no packets. */
#pragma once

#include <glib.h>

/* The pair is unique, the number alone is not. */
struct rs_known_pair {
    const char *domain;
    gint64 code;
};

struct rs_known_code {
    struct rs_known_pair id;
    const char *hex; /* "0x..." for the 32-bit codes, else "" */
    const char *phase;
    const char *meaning;
    const char *advice;        /* Apple's, paraphrased, or "" */
    const char *hint;          /* what it looks like on the wire, or "" */
    const char *confidence;    /* low, medium, high */
    const char *const *names;  /* NULL-terminated, as are all lists here */
    const char *const *causes; /* ids, likeliest first */
    const char *const *categories;
    const char *const *sources;
    gboolean user_visible;
};

struct rs_known_cause {
    const char *id;
    const char *title;
    const char *category;
    const char *evidence; /* on the wire */
    const char *unseen;   /* why no rule names it, or "" */
    const char *const *remedies;
    guint first_erasing_remedy; /* from 1: the first that costs the data on the device; 0: none */
    const char *const *sources;
    const struct rs_known_pair *codes;
    guint n_codes;
};

/* A range of numbers a domain uses for one kind of thing. */
struct rs_known_range {
    const char *domain;
    const char *what;
    gint64 from, to;
};

/* How much a phrase in a log says. A note only fits what else points to the same cause; a weak one
 * follows from many causes; a strong one can contradict a verdict. */
enum rs_phrase_weight { RS_PHRASE_NOTE, RS_PHRASE_WEAK, RS_PHRASE_STRONG };

/* Words that restore tools, devices and the kernel print. */
struct rs_known_phrase {
    const char *text;           /* as a person reads it */
    const char *tool;           /* who prints it; "kernel" for Linux */
    const char *const *matches; /* any of these; in lower case, "*" is any text */
    const char *const *causes;
    const struct rs_known_pair *codes;
    guint n_codes;
    enum rs_phrase_weight weight;
};

/* Immutable once loaded; everything it returns lives as long as it does. */
typedef struct rs_knowledge rs_knowledge;

/* Loads errors.json. A file of another schema, or without codes and causes, is an error. */
rs_knowledge *rs_knowledge_new(const char *path, GError **error);
void rs_knowledge_free(rs_knowledge *knowledge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_knowledge, rs_knowledge_free)

/* NULL when not known. */
const struct rs_known_cause *rs_knowledge_cause(const rs_knowledge *knowledge, const char *id);
const struct rs_known_code *rs_knowledge_code(const rs_knowledge *knowledge, const char *domain,
                                              gint64 code);

/* All domains in which a number means something, in the file's order; an array of
 * const struct rs_known_code *, the caller's, possibly empty. */
GPtrArray *rs_knowledge_codes(const rs_knowledge *knowledge, gint64 code);

/* For walking over all of them. */
guint rs_knowledge_n_codes(const rs_knowledge *knowledge);
const struct rs_known_code *rs_knowledge_code_at(const rs_knowledge *knowledge, guint index);
guint rs_knowledge_n_causes(const rs_knowledge *knowledge);
const struct rs_known_cause *rs_knowledge_cause_at(const rs_knowledge *knowledge, guint index);
guint rs_knowledge_n_ranges(const rs_knowledge *knowledge);
const struct rs_known_range *rs_knowledge_range_at(const rs_knowledge *knowledge, guint index);
guint rs_knowledge_n_phrases(const rs_knowledge *knowledge);
const struct rs_known_phrase *rs_knowledge_phrase_at(const rs_knowledge *knowledge, guint index);
