/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The property list of a signing request. Facts: libtatsu 60a39f3, src/tss.c; idevicerestore
 * 405fcd1, src/restore.c (tickets of the updaters). */

#include "dissectors/tss-request.h"

#include <epan/to_str.h>
#include <epan/wmem_scopes.h>

enum { COMPONENTS_MAX = 256 };

static int hf_tss_ecid = -1;
static int hf_tss_chip_id = -1;
static int hf_tss_board_id = -1;
static int hf_tss_security_domain = -1;
static int hf_tss_production_mode = -1;
static int hf_tss_security_mode = -1;
static int hf_tss_bb_chip_id = -1;
static int hf_tss_bb_cert_id = -1;
static int hf_tss_bb_serial = -1;
static int hf_tss_ticket_kind = -1;
static int hf_tss_local_policy = -1;
static int hf_tss_nonce = -1;
static int hf_tss_sep_nonce = -1;
static int hf_tss_build = -1;
static int hf_tss_client = -1;
static int hf_tss_platform = -1;
static int hf_tss_uuid = -1;
static int hf_tss_component = -1;
static int hf_tss_response_in = -1;
static int hf_tss_attempt = -1;
static int hf_tss_retry_of = -1;

/* Ticket, ECID and nonce in one text -> the last struct tss_exchange that asked for it. */
static wmem_map_t *asked;

gboolean
tss_is_ticket_key(const char *key, size_t length)
{
    return length > 1 && key[0] == '@' && memmem(key, length, "Ticket", 6) != NULL;
}

static gboolean
number_of(const struct plist_value *dict, const char *key, guint64 *ret_number)
{
    const struct plist_value *value = plist_dict_get(dict, key);

    if (value && value->type == PLIST_INTEGER)
        *ret_number = (guint64)value->integer;
    else if (value && value->type == PLIST_STRING && value->string)
        *ret_number = g_ascii_strtoull(value->string, NULL, 0);
    else
        return FALSE;
    return TRUE;
}

static int
rank_of(const struct plist_value *dict, const char *key)
{
    if (strcmp(key, "@BBTicket") != 0)
        return strchr(key, ',') ? 3 : 2;
    return plist_dict_get(dict, "BbChipID") || plist_dict_get(dict, "BbNonce") ||
                   plist_dict_get(dict, "BbSNUM")
               ? 1
               : 0;
}

/* Which ticket is wanted. Clients set @BBTicket in most requests: any other says more. */
static const struct plist_value *
find_ticket_kind(const struct plist_value *dict)
{
    const struct plist_value *best = NULL;
    int best_rank = 0;

    for (const struct plist_value *v = dict->first_child; v; v = v->next) {
        if (!v->key || !tss_is_ticket_key(v->key, strlen(v->key)) ||
            (v->type == PLIST_BOOLEAN && !v->boolean))
            continue;
        if (rank_of(dict, v->key) > best_rank) {
            best = v;
            best_rank = rank_of(dict, v->key);
        }
    }
    return best;
}

static void
add_number(proto_tree *tree, tvbuff_t *tvb, const struct plist_value *dict, const char *key, int hf)
{
    const struct plist_value *value = plist_dict_get(dict, key);
    guint64 number;

    if (number_of(dict, key, &number))
        proto_tree_add_uint(tree, hf, tvb, value->offset, value->length, (guint32)number);
}

static void
add_boolean(proto_tree *tree, tvbuff_t *tvb, const struct plist_value *dict, const char *key,
            int hf)
{
    const struct plist_value *value = plist_dict_get(dict, key);

    if (value && value->type == PLIST_BOOLEAN)
        proto_tree_add_boolean(tree, hf, tvb, value->offset, value->length,
                               (guint32)value->boolean);
}

static void
add_string(proto_tree *tree, tvbuff_t *tvb, const struct plist_value *dict, const char *key, int hf)
{
    const struct plist_value *value = plist_dict_get(dict, key);

    if (value && value->type == PLIST_STRING)
        proto_tree_add_string(tree, hf, tvb, value->offset, value->length, value->string);
}

static void
add_bytes(proto_tree *tree, tvbuff_t *tvb, const struct plist_value *dict, const char *key, int hf)
{
    const struct plist_value *value = plist_dict_get(dict, key);

    if (value && value->type == PLIST_DATA && value->data && value->data_length <= G_MAXINT)
        proto_tree_add_bytes_with_length(tree, hf, tvb, value->offset, value->length, value->data,
                                         (int)value->data_length);
}

static void
add_ecid(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, const struct plist_value *dict)
{
    const struct plist_value *value = plist_dict_get(dict, "ApECID");
    guint64 ecid;
    char *text;

    if (!number_of(dict, "ApECID", &ecid))
        return;
    text = wmem_strdup_printf(pinfo->pool, "0x%" G_GINT64_MODIFIER "x", ecid);
    proto_tree_add_string(tree, hf_tss_ecid, tvb, value->offset, value->length, text);
    col_append_fstr(pinfo->cinfo, COL_INFO, " ECID %s", text);
}

/* The dictionaries with a digest: what shall be signed. */
static void
add_components(proto_tree *tree, tvbuff_t *tvb, const struct plist_value *dict)
{
    guint count = 0;

    for (const struct plist_value *v = dict->first_child; v && count < COMPONENTS_MAX; v = v->next)
        if (v->key && plist_dict_get(v, "Digest")) {
            proto_tree_add_string(tree, hf_tss_component, tvb, v->offset, v->length, v->key);
            count++;
        }
}

static const char *
nonce_key(const struct plist_value *dict)
{
    return plist_dict_get(dict, "ApNonce") ? "ApNonce" : "BbNonce";
}

/* First pass: is the same ticket asked for again? A new nonce makes another one of it. */
static void
count_attempt(const packet_info *pinfo, const struct plist_value *dict,
              const struct plist_value *kind, struct tss_exchange *exchange)
{
    const struct plist_value *nonce = plist_dict_get(dict, nonce_key(dict));
    const char *nonce_text = nonce && nonce->type == PLIST_DATA && nonce->head_length > 0
                                 ? bytes_to_str(pinfo->pool, nonce->head, nonce->head_length)
                                 : "";
    struct tss_exchange *before;
    guint64 ecid = 0;
    char *key;

    if (PINFO_FD_VISITED(pinfo) || !kind || !exchange)
        return;
    number_of(dict, "ApECID", &ecid);
    key = wmem_strdup_printf(wmem_file_scope(), "%s %" PRIx64 " %s", kind->key, ecid, nonce_text);
    if (!asked)
        asked =
            wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_str_hash, g_str_equal);
    before = (struct tss_exchange *)wmem_map_insert(asked, key, exchange);
    exchange->attempt = before ? before->attempt + 1 : 1;
    exchange->previous = before ? before->question : 0;
}

static void
add_uint(proto_tree *tree, tvbuff_t *tvb, int hf, guint32 value)
{
    if (value != 0)
        proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, value));
}

static void
add_exchange(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo,
             const struct tss_exchange *exchange)
{
    if (!exchange)
        return;
    add_uint(tree, tvb, hf_tss_response_in, exchange->answer);
    add_uint(tree, tvb, hf_tss_attempt, exchange->attempt);
    add_uint(tree, tvb, hf_tss_retry_of, exchange->previous);
    if (exchange->attempt > 1)
        col_append_fstr(pinfo->cinfo, COL_INFO, ", attempt %u", exchange->attempt);
}

static void
add_kind(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, proto_item *item,
         const struct plist_value *dict, const struct plist_value *kind)
{
    if (kind) {
        proto_tree_add_string(tree, hf_tss_ticket_kind, tvb, kind->offset, kind->length,
                              kind->key + 1);
        proto_item_append_text(item, ", %s", kind->key + 1);
        col_append_fstr(pinfo->cinfo, COL_INFO, " %s", kind->key + 1);
    }
    if (plist_dict_get(dict, "Ap,LocalBoot") || plist_dict_get(dict, "Ap,NextStageIM4MHash"))
        proto_item_set_generated(
            proto_tree_add_boolean(tree, hf_tss_local_policy, tvb, 0, 0, TRUE));
}

gboolean
tss_request_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *item,
                struct tss_exchange *exchange)
{
    const struct plist_value *dict = plist_tree_add(tvb, pinfo, tree, 0, -1);
    const struct plist_value *kind;

    col_append_str(pinfo->cinfo, COL_INFO, "TSS request");
    if (!dict || dict->type != PLIST_DICT) {
        add_exchange(tree, tvb, pinfo, exchange);
        return FALSE;
    }
    kind = find_ticket_kind(dict);
    add_kind(tree, tvb, pinfo, item, dict, kind);
    add_ecid(tree, tvb, pinfo, dict);
    add_number(tree, tvb, dict, "ApChipID", hf_tss_chip_id);
    add_number(tree, tvb, dict, "ApBoardID", hf_tss_board_id);
    add_number(tree, tvb, dict, "ApSecurityDomain", hf_tss_security_domain);
    add_boolean(tree, tvb, dict, "ApProductionMode", hf_tss_production_mode);
    add_boolean(tree, tvb, dict, "ApSecurityMode", hf_tss_security_mode);
    add_number(tree, tvb, dict, "BbChipID", hf_tss_bb_chip_id);
    add_number(tree, tvb, dict, "BbGoldCertId", hf_tss_bb_cert_id);
    add_bytes(tree, tvb, dict, "BbSNUM", hf_tss_bb_serial);
    add_bytes(tree, tvb, dict, nonce_key(dict), hf_tss_nonce);
    add_bytes(tree, tvb, dict, "SepNonce", hf_tss_sep_nonce);
    add_bytes(tree, tvb, dict, "UniqueBuildID", hf_tss_build);
    add_string(tree, tvb, dict, "@HostPlatformInfo", hf_tss_platform);
    add_string(tree, tvb, dict, "@VersionInfo", hf_tss_client);
    add_string(tree, tvb, dict, "@UUID", hf_tss_uuid);
    add_components(tree, tvb, dict);
    count_attempt(pinfo, dict, kind, exchange);
    add_exchange(tree, tvb, pinfo, exchange);
    return TRUE;
}

void
tss_request_register(int proto)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_tss_ecid,
          { "ECID", "tss.ecid", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_tss_chip_id,
          { "Chip", "tss.chip_id", FT_UINT32, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_tss_board_id,
          { "Board", "tss.board_id", FT_UINT32, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_tss_security_domain,
          { "Security domain", "tss.security_domain", FT_UINT32, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_tss_production_mode,
          { "Production mode", "tss.production_mode", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL,
            HFILL } },
        { &hf_tss_security_mode,
          { "Security mode", "tss.security_mode", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_tss_bb_chip_id,
          { "Baseband chip", "tss.bb_chip_id", FT_UINT32, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_tss_bb_cert_id,
          { "Baseband certificate", "tss.bb_cert_id", FT_UINT32, BASE_DEC, NULL, 0, "BbGoldCertId",
            HFILL } },
        { &hf_tss_bb_serial,
          { "Baseband serial number", "tss.bb_serial", FT_BYTES, BASE_NONE, NULL, 0, "BbSNUM",
            HFILL } },
        { &hf_tss_ticket_kind,
          { "Ticket wanted", "tss.ticket_kind", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_tss_local_policy,
          { "Local policy", "tss.local_policy", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "The ticket is for a boot policy of the device itself", HFILL } },
        { &hf_tss_nonce,
          { "Nonce", "tss.nonce", FT_BYTES, BASE_NONE, NULL, 0, "ApNonce or BbNonce", HFILL } },
        { &hf_tss_sep_nonce,
          { "SEP nonce", "tss.sep_nonce", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_tss_build,
          { "Build", "tss.build", FT_BYTES, BASE_NONE, NULL, 0, "UniqueBuildID", HFILL } },
        { &hf_tss_platform,
          { "Host platform", "tss.platform", FT_STRING, BASE_NONE, NULL, 0, "@HostPlatformInfo",
            HFILL } },
        { &hf_tss_client,
          { "Client", "tss.client", FT_STRING, BASE_NONE, NULL, 0, "@VersionInfo", HFILL } },
        { &hf_tss_uuid,
          { "UUID", "tss.uuid", FT_STRING, BASE_NONE, NULL, 0, "Of the request", HFILL } },
        { &hf_tss_component,
          { "Component", "tss.component", FT_STRING, BASE_NONE, NULL, 0, "That shall be signed",
            HFILL } },
        { &hf_tss_response_in,
          { "Answered in", "tss.response_in", FT_FRAMENUM, BASE_NONE,
            FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, NULL, HFILL } },
        { &hf_tss_attempt,
          { "Attempt", "tss.attempt", FT_UINT32, BASE_DEC, NULL, 0,
            "To get this ticket for this device and nonce", HFILL } },
        { &hf_tss_retry_of,
          { "Asked before in", "tss.retry_of", FT_FRAMENUM, BASE_NONE,
            FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL, HFILL } },
    };
    /* clang-format on */

    proto_register_field_array(proto, hf, array_length(hf));
}
