/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One message of restored on its way through the files that know its kinds: packet-restored.c tells
 * them apart. */
#pragma once

#include "dissectors/mux-service.h"
#include "dissectors/plist-fields.h"

struct restored_message {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
    proto_item *item;
    const struct plist_value *values;
    guint nth;        /* of the frame */
    const char *type; /* MsgType */
};

/* Each adds what its kind of message has beyond the keys that every message shares. */
void restored_add_progress(const struct restored_message *message);
void restored_add_checkpoint(const struct restored_message *message);
void restored_add_status(const struct restored_message *message);
void restored_add_baseband_status(const struct restored_message *message);
void restored_add_crash(const struct restored_message *message);
void restored_add_previous_log(const struct restored_message *message);
void restored_add_crash_log(const struct restored_message *message);

/* DataRequestMsg, AsyncDataRequestMsg and BasebandUpdaterOutputData, which is its own DataType. */
void restored_add_data_request(const struct restored_message *message);

/* The host's answer to a data request. values may be NULL: only its end is missing. */
void restored_add_answer(const struct restored_message *message);

/* AsyncWait and all that carries an AsyncContextUUID: which request opened the context? */
void restored_add_context(const struct restored_message *message);

/* The text as lines below the item of its field. value: the string that `item` shows. */
void restored_add_lines(const struct restored_message *message, proto_item *item,
                        const struct plist_value *value);

/* The exchange's other end. */
void restored_add_links(const struct restored_message *message, const struct mux_exchange *exchange,
                        gboolean is_answer);

/* For the table of response times. */
void restored_count_answer(packet_info *pinfo, const struct mux_exchange *exchange);

/* StartRestore was sent: times count from here. First pass only. */
void restored_started(packet_info *pinfo);

static inline proto_item *
restored_add_value(const struct restored_message *message, int hf, const char *key)
{
    return plist_field_add(message->tree, message->tvb, message->pinfo, hf,
                           plist_dict_get(message->values, key));
}

static inline void
restored_append_info(const struct restored_message *message, const char *key)
{
    const struct plist_value *value = plist_dict_get(message->values, key);

    if (value)
        col_append_fstr(message->pinfo->cinfo, COL_INFO, " %s",
                        plist_value_text(message->pinfo, value));
}

void restored_status_register(int proto);
void restored_data_register(int proto, dissector_handle_t archive);
void restored_data_handoff(int proto);
void restored_log_register(int proto);
