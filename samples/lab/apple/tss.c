/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The signing server. Form of requests and answers: libtatsu 60a39f3, src/tss.c. */
#include "samples/lab/apple/tss.h"

#include <plist/plist.h>
#include <stdlib.h>
#include <string.h>

#include "samples/lab/apple/answer.h"
#include "samples/lab/apple/im4m.h"

struct apple_tss_request {
    plist_t root;
    char *kind;
};

/* "@SE,Ticket" -> "SE,Ticket"; NULL for keys that ask for no ticket. */
static const char *
ticket_of(const char *key)
{
    return key[0] == '@' && strstr(key, "Ticket") ? key + 1 : NULL;
}

/* How sure a ticket is to be what a request is about. */
static int
rank(const char *kind)
{
    if (strcmp(kind, "BBTicket") == 0)
        return 1;
    return strcmp(kind, "ApImg4Ticket") == 0 || strcmp(kind, "APTicket") == 0 ? 2 : 3;
}

/* Every ticket asked for; NULL-terminated. */
static char **
list_kinds(plist_t root)
{
    GPtrArray *kinds = g_ptr_array_new();
    plist_dict_iter it = NULL;
    plist_t value = NULL;
    char *key = NULL;

    plist_dict_new_iter(root, &it);
    for (;;) {
        plist_dict_next_item(root, it, &key, &value);
        if (!key)
            break;
        if (ticket_of(key))
            g_ptr_array_add(kinds, g_strdup(ticket_of(key)));
        free(key);
    }
    free(it);
    g_ptr_array_add(kinds, NULL);
    return (char **)g_ptr_array_free(kinds, FALSE);
}

apple_tss_request_t *
apple_tss_request_new(const uint8_t *body, size_t length)
{
    apple_tss_request_t *r;
    g_auto(GStrv) kinds = NULL;
    plist_t root = NULL;
    int best = 0;

    if (length > G_MAXUINT32)
        return NULL;
    if (length >= 8 && memcmp(body, "bplist00", 8) == 0)
        plist_from_bin((const char *)body, (uint32_t)length, &root);
    else
        plist_from_xml((const char *)body, (uint32_t)length, &root);
    if (!root || plist_get_node_type(root) != PLIST_DICT) {
        plist_free(root);
        return NULL;
    }
    r = g_new0(apple_tss_request_t, 1);
    r->root = root;
    r->kind = g_strdup("");
    kinds = list_kinds(root);
    for (char **kind = kinds; *kind; kind++) {
        if (rank(*kind) <= best)
            continue;
        best = rank(*kind);
        g_free(r->kind);
        r->kind = g_strdup(*kind);
    }
    return r;
}

void
apple_tss_request_free(apple_tss_request_t *request)
{
    if (!request)
        return;
    plist_free(request->root);
    g_free(request->kind);
    g_free(request);
}

const char *
apple_tss_request_kind(const apple_tss_request_t *request)
{
    return request->kind;
}

static void
add_ticket(plist_t answer, const char *kind, plist_t request, const apple_credentials_t *signer)
{
    g_autoptr(GByteArray) ticket = strcmp(kind, "ApImg4Ticket") == 0
                                       ? apple_im4m_new(request, signer)
                                       : apple_ticket_new(kind, request, signer);

    plist_dict_set_item(answer, kind, plist_new_data((const char *)ticket->data, ticket->len));
    /* With the modem's ticket come signatures of parts of its firmware; an empty list will do. */
    if (strcmp(kind, "BBTicket") == 0)
        plist_dict_set_item(answer, "BasebandFirmware", plist_new_dict());
}

char *
apple_tss_sign(const apple_tss_request_t *request, apple_certs_t *certs)
{
    const apple_credentials_t *signer =
        apple_certs_for(certs, APPLE_ISSUER_APPLE, "secure-boot.apple.com", FALSE);
    g_auto(GStrv) kinds = list_kinds(request->root);
    plist_t answer = plist_new_dict();
    uint32_t length = 0;
    char *xml = NULL, *text;

    plist_dict_set_item(answer, "@ServerVersion", plist_new_string("2.1.0"));
    for (char **kind = kinds; signer && *kind; kind++)
        add_ticket(answer, *kind, request->root, signer);
    plist_to_xml(answer, &xml, &length);
    text = g_strdup_printf("STATUS=0&MESSAGE=%s&REQUEST_STRING=%.*s", apple_status_message(0),
                           (int)length, xml);
    free(xml);
    plist_free(answer);
    return text;
}

char *
apple_tss_refuse(unsigned status, const char *message)
{
    return g_strdup_printf("STATUS=%u&MESSAGE=%s", status,
                           *message ? message : apple_status_message(status));
}
