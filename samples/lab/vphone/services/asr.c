/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ASR, the phone's end: asks for pieces of the image, then takes it chunk by chunk and checks each
 * (idevicerestore 1.0.0, src/asr.c). Its property lists have no length in front of them. */
#include "samples/lab/vphone/services/asr.h"

#include <plist/plist.h>
#include <stdlib.h>
#include <string.h>

#include "samples/lab/vphone/services/data.h"

enum {
    CHUNK = 131072,
    SHA1_LENGTH = 20,
    TRAILER = 512, /* of a disk image: its last sector */
    N_OOB = 3,
    INFO_MAX = 65536,
    CLOSE_MS = 2000, /* the host closes; if it does not, asr does */
};

typedef enum { ASR_INFO, ASR_OOB, ASR_PAYLOAD, ASR_OVER } asr_state_t;

typedef struct {
    uint64_t offset;
    uint64_t length;
} piece_t;

struct lab_asr {
    lab_mux_t *mux;
    lab_asr_options_t options;
    lab_stream_t *stream; /* NULL: nobody is connected */
    asr_state_t state;
    GByteArray *info; /* the host's packet info, as far as it came */
    uint64_t size;    /* of the image */
    unsigned oob;     /* number of the piece that is being sent, from 1 */
    uint64_t taken;   /* bytes of the present piece, or of the payload without SHA-1s */
    uint64_t chunk;   /* number of the present chunk, from 1 */
    uint64_t chunk_taken;
    GChecksum *sha1;
    uint8_t sent_sha1[SHA1_LENGTH]; /* as the host has it */
    size_t sha1_taken;
    unsigned closer;
    bool orphan; /* freed by its owner; its stream still ends */
};

/* Of failures that no fault caused directly. */
static const char *const no_args[] = { NULL };
static const lab_act_t own_act = { LAB_DO_NOTE, "asr", no_args, NULL };
static const lab_act_t drop_act = { LAB_DO_RESET, "asr", no_args, NULL };

static void
over(lab_asr_t *asr, const char *failure)
{
    if (asr->state == ASR_OVER || asr->orphan)
        return;
    asr->state = ASR_OVER;
    lab_mux_unlisten(asr->mux, LAB_ASR_PORT);
    asr->options.done(asr->options.user, failure);
}

static void
fail(lab_asr_t *asr, const char *failure)
{
    lab_stream_reset(asr->stream, NULL);
    over(asr, failure);
}

static void
send_plist(lab_asr_t *asr, plist_t message)
{
    char *xml = NULL;
    uint32_t length = 0;

    plist_to_xml(message, &xml, &length);
    lab_stream_send(asr->stream, xml, length);
    free(xml);
    plist_free(message);
}

static plist_t
command(const char *name)
{
    plist_t message = plist_new_dict();

    plist_dict_set_item(message, "Command", plist_new_string(name));
    return message;
}

/* Which piece of the image is looked at n-th: its trailer, its begin, something in the middle. */
static piece_t
piece_at(const lab_asr_t *asr, unsigned n)
{
    uint64_t size = asr->size;
    piece_t pieces[N_OOB] = { { size - MIN(size, TRAILER), MIN(size, TRAILER) },
                              { 0, MIN(size, 4096) },
                              { size / 2, MIN(size - size / 2, 8192) } };

    return pieces[n - 1];
}

static void
start_payload(lab_asr_t *asr)
{
    asr->state = ASR_PAYLOAD;
    asr->taken = 0;
    asr->chunk = 1;
    asr->chunk_taken = 0;
    asr->sha1_taken = 0;
    g_checksum_reset(asr->sha1);
    send_plist(asr, command("Payload"));
}

/* Asks for the next piece of the image, or for all of it. */
static void
ask_next(lab_asr_t *asr)
{
    g_autofree char *number = NULL;
    lab_act_t act;
    piece_t piece;
    plist_t message;

    if (++asr->oob > N_OOB) {
        start_payload(asr);
        return;
    }
    number = g_strdup_printf("%u", asr->oob);
    asr->state = ASR_OOB;
    asr->taken = 0;
    lab_stream_step(asr->stream, LAB_STEP_ASR_OOB, number, &act);
    piece = piece_at(asr, asr->oob);
    message = command("OOBData");
    plist_dict_set_item(message, "OOB Length", plist_new_uint(piece.length));
    plist_dict_set_item(message, "OOB Offset", plist_new_uint(piece.offset));
    send_plist(asr, message);
}

/* Takes the packet info once it is whole; false when it can be none. */
static bool
read_info(lab_asr_t *asr)
{
    plist_t info = NULL;
    plist_t payload;

    if (asr->info->len > INFO_MAX)
        return false;
    if (!g_strstr_len((const char *)asr->info->data, (gssize)asr->info->len, "</plist>"))
        return true;
    plist_from_xml((const char *)asr->info->data, asr->info->len, &info);
    if (!info || plist_get_node_type(info) != PLIST_DICT) {
        plist_free(info);
        return false;
    }
    payload = plist_dict_get_item(info, "Payload");
    asr->size = (uint64_t)lab_data_get_int(payload, "Size", 0);
    plist_free(info);
    if (asr->size == 0 || asr->size > (uint64_t)G_MAXINT64)
        return false;
    ask_next(asr);
    return true;
}

static size_t
take_info(lab_asr_t *asr, const uint8_t *data, size_t length)
{
    g_byte_array_append(asr->info, data, (guint)MIN(length, INFO_MAX + 1u));
    if (!read_info(asr))
        fail(asr, "packet info is none");
    return length;
}

static size_t
take_oob(lab_asr_t *asr, size_t length)
{
    uint64_t wanted = piece_at(asr, asr->oob).length - asr->taken;
    size_t taken = (size_t)MIN(wanted, length);

    asr->taken += taken;
    if (taken == wanted)
        ask_next(asr);
    return taken;
}

static uint64_t
chunk_size(const lab_asr_t *asr)
{
    return MIN((uint64_t)CHUNK, asr->size - (asr->chunk - 1) * CHUNK);
}

static gboolean
close_late(void *user)
{
    lab_asr_t *asr = user;

    asr->closer = 0;
    if (asr->stream)
        lab_stream_reset(asr->stream, NULL);
    return G_SOURCE_REMOVE;
}

static void
chunk_whole(lab_asr_t *asr)
{
    g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, asr->chunk);
    uint8_t sha1[SHA1_LENGTH];
    gsize length = sizeof sha1;
    lab_act_t act;

    lab_stream_step(asr->stream, LAB_STEP_ASR_CHUNK, number, &act);
    g_checksum_get_digest(asr->sha1, sha1, &length);
    if (asr->options.checksums && memcmp(sha1, asr->sent_sha1, sizeof sha1) != 0) {
        g_autofree char *what = g_strdup_printf("chunk %s is not what its SHA-1 says", number);

        lab_stream_mark_request(asr->stream, &own_act, what);
        fail(asr, "chunk checksum mismatch");
        return;
    }
    g_checksum_reset(asr->sha1);
    asr->chunk++;
    asr->chunk_taken = 0;
    asr->sha1_taken = 0;
    if (asr->taken < asr->size)
        return;
    asr->closer = g_timeout_add(CLOSE_MS, close_late, asr);
    over(asr, NULL);
}

static size_t
take_payload(lab_asr_t *asr, const uint8_t *data, size_t length)
{
    uint64_t wanted = chunk_size(asr) - asr->chunk_taken;
    size_t taken = (size_t)MIN(wanted, length);
    size_t sum = 0;

    g_checksum_update(asr->sha1, data, (gssize)taken);
    asr->chunk_taken += taken;
    asr->taken += taken;
    if (asr->options.drop_at && asr->taken >= asr->options.drop_at) {
        lab_stream_act(asr->stream, &drop_act);
        over(asr, "asr went away");
        return length;
    }
    if (taken < wanted)
        return taken;
    if (asr->options.checksums) {
        sum = MIN(SHA1_LENGTH - asr->sha1_taken, length - taken);
        memcpy(asr->sent_sha1 + asr->sha1_taken, data + taken, sum);
        asr->sha1_taken += sum;
    }
    if (!asr->options.checksums || asr->sha1_taken == SHA1_LENGTH)
        chunk_whole(asr);
    return taken + sum;
}

static void
asr_received(void *self, const uint8_t *data, size_t length)
{
    lab_asr_t *asr = self;

    for (size_t taken; length > 0; data += taken, length -= taken) {
        if (asr->state == ASR_INFO)
            taken = take_info(asr, data, length);
        else if (asr->state == ASR_OOB)
            taken = take_oob(asr, length);
        else if (asr->state == ASR_PAYLOAD)
            taken = take_payload(asr, data, length);
        else
            taken = length;
    }
}

static void *
asr_opened(lab_stream_t *stream, lab_phone_t *phone, void *user)
{
    lab_asr_t *asr = user;
    lab_act_t act;
    plist_t message;

    (void)phone;
    if (asr->stream || asr->state == ASR_OVER)
        return NULL;
    asr->stream = stream;
    asr->state = ASR_INFO;
    asr->oob = 0;
    g_byte_array_set_size(asr->info, 0);
    lab_stream_step(stream, LAB_STEP_ASR_CONNECT, NULL, &act);
    message = command("Initiate");
    plist_dict_set_item(message, "Checksum Chunks", plist_new_bool(asr->options.checksums));
    plist_dict_set_item(message, "Stream ID", plist_new_uint(1));
    plist_dict_set_item(message, "Version", plist_new_uint(1));
    send_plist(asr, message);
    return asr;
}

static void
asr_destroy(lab_asr_t *asr)
{
    if (asr->closer)
        g_source_remove(asr->closer);
    g_byte_array_unref(asr->info);
    g_checksum_free(asr->sha1);
    g_free(asr);
}

static void
asr_closed(void *self)
{
    lab_asr_t *asr = self;

    asr->stream = NULL;
    if (asr->orphan)
        asr_destroy(asr);
    else
        over(asr, "the connection ended");
}

static const lab_service_t asr_service = {
    .name = "asr",
    .opened = asr_opened,
    .received = asr_received,
    .closed = asr_closed,
};

lab_asr_t *
lab_asr_new(lab_mux_t *mux, const lab_asr_options_t *options)
{
    lab_asr_t *asr = g_new0(lab_asr_t, 1);

    asr->mux = mux;
    asr->options = *options;
    asr->info = g_byte_array_new();
    asr->sha1 = g_checksum_new(G_CHECKSUM_SHA1);
    lab_mux_listen(mux, LAB_ASR_PORT, &asr_service, asr);
    return asr;
}

void
lab_asr_free(lab_asr_t *asr)
{
    if (!asr)
        return;
    if (asr->state != ASR_OVER)
        lab_mux_unlisten(asr->mux, LAB_ASR_PORT);
    asr->orphan = true;
    if (asr->stream)
        lab_stream_reset(asr->stream, NULL);
    else
        asr_destroy(asr);
}
