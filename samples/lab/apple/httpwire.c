/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * HTTP requests on the wire; grammar from RFC 9112 and RFC 9110 (Range: section 14.2). */
#include "samples/lab/apple/httpwire.h"

#include <glib.h>
#include <string.h>

typedef struct {
    bool expects_continue;
    bool has_length;
} extra_t;

/* Decimal digits and nothing else. */
static bool
read_number(const char *text, size_t n, uint64_t *ret_value)
{
    g_autofree char *copy = g_strndup(text, n);

    return g_ascii_string_to_unsigned(copy, 10, 0, G_MAXUINT64, ret_value, NULL);
}

/* "host", "host:port" */
static bool
read_authority(const char *text, size_t n, apple_http_request_t *r)
{
    const char *colon = memchr(text, ':', n);
    size_t host = colon ? (size_t)(colon - text) : n;
    uint64_t port = 0;

    if (host == 0 || host >= sizeof r->host)
        return false;
    if (colon && (!read_number(colon + 1, n - host - 1, &port) || port == 0 || port > 65535))
        return false;
    for (size_t i = 0; i < host; i++) {
        if (!g_ascii_isgraph(text[i]))
            return false;
        r->host[i] = g_ascii_tolower(text[i]);
    }
    r->host[host] = '\0';
    r->port = (unsigned)port;
    return true;
}

static bool
read_target(const char *target, size_t n, apple_http_request_t *r)
{
    static const char scheme[] = "http://";
    const size_t skip = sizeof scheme - 1;

    if (strcmp(r->method, "CONNECT") == 0) {
        r->absolute = true;
        return read_authority(target, n, r);
    }
    if (n > skip && g_ascii_strncasecmp(target, scheme, skip) == 0) {
        const char *path = memchr(target + skip, '/', n - skip);
        size_t host = path ? (size_t)(path - target) - skip : n - skip;

        r->absolute = true;
        if (!read_authority(target + skip, host, r))
            return false;
        target = path ? path : "/";
        n = path ? n - skip - host : 1;
    }
    if (n == 0 || n >= sizeof r->path || (target[0] != '/' && target[0] != '*'))
        return false;
    memcpy(r->path, target, n);
    r->path[n] = '\0';
    return true;
}

/* "METHOD target HTTP/1.x" */
static bool
read_request_line(const char *line, size_t n, apple_http_request_t *r)
{
    const char *end = line + n;
    const char *space = memchr(line, ' ', n);
    const char *target = space ? space + 1 : end;
    const char *second = memchr(target, ' ', (size_t)(end - target));
    size_t method = space ? (size_t)(space - line) : 0;

    if (!second || method == 0 || method >= sizeof r->method)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!g_ascii_isprint(line[i]))
            return false;
    memcpy(r->method, line, method);
    r->method[method] = '\0';
    if ((size_t)(end - second) != strlen(" HTTP/1.1") || memcmp(second, " HTTP/1.", 8) != 0)
        return false;
    r->keep_alive = second[8] == '1';
    return read_target(target, (size_t)(second - target), r);
}

/* "bytes=N-" or "bytes=N-M"; other kinds of range may be ignored. */
static void
read_range(const char *value, size_t n, apple_http_request_t *r)
{
    const char *dash = memchr(value, '-', n);
    uint64_t from, to = UINT64_MAX;
    size_t rest;

    if (!dash || n < 7 || memcmp(value, "bytes=", 6) != 0)
        return;
    rest = n - (size_t)(dash - value) - 1;
    if (!read_number(value + 6, (size_t)(dash - value) - 6, &from))
        return;
    if (rest > 0 && (!read_number(dash + 1, rest, &to) || to < from))
        return;
    r->has_range = true;
    r->range_from = from;
    r->range_to = to;
}

static bool
is_field(const char *line, size_t n, const char *name)
{
    return n == strlen(name) && g_ascii_strncasecmp(line, name, n) == 0;
}

static bool
read_length(const char *value, size_t n, apple_http_request_t *r, extra_t *extra)
{
    uint64_t length;

    if (!read_number(value, n, &length) || length > APPLE_HTTP_BODY_MAX)
        return false;
    if (extra->has_length && r->body_length != length)
        return false;
    extra->has_length = true;
    r->body_length = (size_t)length;
    return true;
}

/* "Name: value" */
static bool
read_field(const char *line, size_t n, apple_http_request_t *r, extra_t *extra)
{
    const char *colon = memchr(line, ':', n);
    size_t name = colon ? (size_t)(colon - line) : 0;
    const char *value = line + name + 1, *end = line + n;

    if (name == 0)
        return false;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    n = (size_t)(end - value);
    if (is_field(line, name, "content-length"))
        return read_length(value, n, r, extra);
    if (is_field(line, name, "transfer-encoding"))
        return false; /* no client of ours sends chunks */
    if (is_field(line, name, "host") && !r->absolute)
        return n == 0 || read_authority(value, n, r);
    if (is_field(line, name, "connection"))
        r->keep_alive = !is_field(value, n, "close");
    if (is_field(line, name, "expect"))
        extra->expects_continue = is_field(value, n, "100-continue");
    if (is_field(line, name, "range"))
        read_range(value, n, r);
    return true;
}

static bool
read_head(const char *head, size_t length, apple_http_request_t *r, extra_t *extra)
{
    bool first = true;

    for (size_t at = 0; at + 2 < length;) {
        const char *line = head + at;
        const char *end = memchr(line, '\r', length - at);
        size_t n;

        if (!end || (size_t)(end - head) + 1 >= length || end[1] != '\n')
            return false;
        n = (size_t)(end - line);
        if (!(first ? read_request_line(line, n, r) : read_field(line, n, r, extra)))
            return false;
        first = false;
        at += n + 2;
    }
    return !first;
}

apple_http_status_t
apple_http_parse(const uint8_t *data, size_t length, apple_http_request_t *ret_request)
{
    apple_http_request_t r = { 0 };
    extra_t extra = { 0 };
    const uint8_t *end =
        length > 0 ? memmem(data, MIN(length, APPLE_HTTP_HEAD_MAX), "\r\n\r\n", 4) : NULL;

    if (!end)
        return length < APPLE_HTTP_HEAD_MAX ? APPLE_HTTP_SHORT : APPLE_HTTP_BAD;
    r.head_length = (size_t)(end - data) + 4;
    if (!read_head((const char *)data, r.head_length, &r, &extra))
        return APPLE_HTTP_BAD;
    if (length - r.head_length < r.body_length) {
        if (!extra.expects_continue || length > r.head_length)
            return APPLE_HTTP_SHORT;
        *ret_request = r;
        return APPLE_HTTP_CONTINUE;
    }
    *ret_request = r;
    return APPLE_HTTP_OK;
}

const char *
apple_http_reason(unsigned code)
{
    static const struct {
        unsigned code;
        const char *reason;
    } reasons[] = { { 200, "OK" },
                    { 206, "Partial Content" },
                    { 301, "Moved Permanently" },
                    { 302, "Found" },
                    { 307, "Temporary Redirect" },
                    { 400, "Bad Request" },
                    { 401, "Unauthorized" },
                    { 403, "Forbidden" },
                    { 404, "Not Found" },
                    { 407, "Proxy Authentication Required" },
                    { 416, "Range Not Satisfiable" },
                    { 429, "Too Many Requests" },
                    { 500, "Internal Server Error" },
                    { 502, "Bad Gateway" },
                    { 503, "Service Unavailable" },
                    { 504, "Gateway Timeout" },
                    { 511, "Network Authentication Required" } };

    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
        if (reasons[i].code == code)
            return reasons[i].reason;
    return "Unknown";
}
