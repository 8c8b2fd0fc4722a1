/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Responses (RFC 9110, RFC 9112). */
#include "samples/lab/apple/reply.h"

#include <string.h>

#include "samples/lab/apple/httpwire.h"
#include "samples/lab/apple/tss.h"

static GByteArray *
bytes_of(const char *text)
{
    GByteArray *bytes = g_byte_array_new();

    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
    return bytes;
}

apple_reply_t *
apple_reply_new(unsigned code, const char *type, GByteArray *content)
{
    apple_reply_t *reply = g_new0(apple_reply_t, 1);

    reply->code = code;
    reply->type = type;
    reply->content = content;
    return reply;
}

void
apple_reply_free(apple_reply_t *reply)
{
    if (!reply)
        return;
    if (reply->content)
        g_byte_array_unref(reply->content);
    g_free(reply->field);
    g_free(reply);
}

apple_reply_t *
apple_reply_page(unsigned code, const char *title, const char *text)
{
    g_autofree char *page = g_strdup_printf("<html><head><title>%s</title></head>\n"
                                            "<body><h1>%s</h1>\n%s\n</body></html>\n",
                                            title, title, text);

    return apple_reply_new(code, "text/html", bytes_of(page));
}

/* Header fields that codes require: RFC 9110, sections 11.6.1, 11.7.1 and 15.4. */
static char *
field_of(const apple_answer_t *answer)
{
    switch (answer->number) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
        return g_strdup_printf("Location: %s", *answer->text ? answer->text : "/");
    case 401:
        return g_strdup("WWW-Authenticate: Basic realm=\"signing\"");
    case 407:
        return g_strdup("Proxy-Authenticate: Basic realm=\"Corp Proxy\"");
    case 503:
        return g_strdup("Retry-After: 30");
    default:
        return NULL;
    }
}

static apple_reply_t *
code_page(const apple_answer_t *answer)
{
    g_autofree char *title =
        g_strdup_printf("%u %s", answer->number, apple_http_reason(answer->number));
    bool is_redirect = answer->number >= 300 && answer->number < 400;
    apple_reply_t *reply = apple_reply_page(answer->number, title, is_redirect ? "" : answer->text);

    reply->field = field_of(answer);
    return reply;
}

apple_reply_t *
apple_reply_to_order(const apple_answer_t *answer)
{
    g_autofree char *text = NULL;

    switch (answer->kind) {
    case APPLE_ANSWER_STATUS:
        text = apple_tss_refuse(answer->number, answer->text);
        return apple_reply_new(200, "text/html", bytes_of(text));
    case APPLE_ANSWER_HTTP:
        return code_page(answer);
    case APPLE_ANSWER_HTML:
        return apple_reply_page(
            200, "Welcome to our network",
            "<form action=\"http://login.hotel.example/\" method=\"post\">"
            "Room <input name=\"room\"> <input type=\"submit\" value=\"Log in\">"
            "</form>");
    default:
        return apple_reply_new(200, "text/html", NULL);
    }
}

GString *
apple_reply_head(const apple_reply_t *reply, guint64 length, bool keep_alive)
{
    GString *head = g_string_new(NULL);

    g_string_printf(head,
                    "HTTP/1.1 %u %s\r\nServer: Apple\r\nContent-Type: %s\r\n"
                    "Content-Length: %" G_GUINT64_FORMAT "\r\nConnection: %s\r\n",
                    reply->code, apple_http_reason(reply->code), reply->type, length,
                    keep_alive ? "keep-alive" : "close");
    if (reply->field)
        g_string_append_printf(head, "%s\r\n", reply->field);
    g_string_append(head, "\r\n");
    return head;
}
