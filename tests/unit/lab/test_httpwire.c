/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Requests are read out of a buffer that is not whole yet, and refused when they are none. */
#include "samples/lab/apple/httpwire.h"

#include <string.h>

#include <glib.h>

static apple_http_status_t
parse(const char *text, apple_http_request_t *r)
{
    return apple_http_parse((const uint8_t *)text, strlen(text), r);
}

static const char post[] = "POST /TSS/controller?action=2 HTTP/1.1\r\n"
                           "Host: GS.apple.com\r\n"
                           "Content-type: text/xml; charset=\"utf-8\"\r\n"
                           "content-length:  5 \r\n\r\n"
                           "hello";

static void
test_post(void)
{
    apple_http_request_t r;

    g_assert_cmpint(parse(post, &r), ==, APPLE_HTTP_OK);
    g_assert_cmpstr(r.method, ==, "POST");
    g_assert_cmpstr(r.path, ==, "/TSS/controller?action=2");
    g_assert_cmpstr(r.host, ==, "gs.apple.com");
    g_assert_cmpuint(r.port, ==, 0);
    g_assert_false(r.absolute);
    g_assert_true(r.keep_alive);
    g_assert_false(r.has_range);
    g_assert_cmpuint(r.body_length, ==, 5);
    g_assert_cmpuint(r.head_length, ==, sizeof post - 1 - 5);
}

/* Every prefix asks for more; nothing is written for it. */
static void
test_short(void)
{
    for (size_t length = 0; length < sizeof post - 1; length++) {
        g_autofree uint8_t *copy = g_memdup2(post, length);
        apple_http_request_t r = { .port = 7 };

        g_assert_cmpint(apple_http_parse(copy, length, &r), ==, APPLE_HTTP_SHORT);
        g_assert_cmpuint(r.port, ==, 7);
    }
}

static void
test_continue(void)
{
    apple_http_request_t r;

    g_assert_cmpint(
        parse("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", &r), ==,
        APPLE_HTTP_CONTINUE);
    g_assert_cmpuint(r.body_length, ==, 2);
    g_assert_cmpint(
        parse("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nx", &r), ==,
        APPLE_HTTP_SHORT);
    g_assert_cmpint(
        parse("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nxx", &r), ==,
        APPLE_HTTP_OK);
}

/* What clients of a proxy say. */
static void
test_proxy(void)
{
    apple_http_request_t r;

    g_assert_cmpint(parse("CONNECT gs.apple.com:443 HTTP/1.1\r\nHost: x:1\r\n\r\n", &r), ==,
                    APPLE_HTTP_OK);
    g_assert_true(r.absolute);
    g_assert_cmpstr(r.host, ==, "gs.apple.com");
    g_assert_cmpuint(r.port, ==, 443);
    g_assert_cmpint(parse("GET http://A.example:81/b?c HTTP/1.0\r\nHost: other\r\n\r\n", &r), ==,
                    APPLE_HTTP_OK);
    g_assert_true(r.absolute);
    g_assert_cmpstr(r.host, ==, "a.example");
    g_assert_cmpuint(r.port, ==, 81);
    g_assert_cmpstr(r.path, ==, "/b?c");
    g_assert_false(r.keep_alive);
    g_assert_cmpint(parse("GET http://a.example HTTP/1.1\r\n\r\n", &r), ==, APPLE_HTTP_OK);
    g_assert_cmpstr(r.path, ==, "/");
}

static void
test_range(void)
{
    apple_http_request_t r;

    g_assert_cmpint(parse("GET / HTTP/1.1\r\nRange: bytes=10-\r\nConnection: close\r\n\r\n", &r),
                    ==, APPLE_HTTP_OK);
    g_assert_true(r.has_range);
    g_assert_cmpuint(r.range_from, ==, 10);
    g_assert_cmpuint(r.range_to, ==, UINT64_MAX);
    g_assert_false(r.keep_alive);
    g_assert_cmpint(parse("GET / HTTP/1.1\r\nRange: bytes=3-4\r\n\r\n", &r), ==, APPLE_HTTP_OK);
    g_assert_cmpuint(r.range_from, ==, 3);
    g_assert_cmpuint(r.range_to, ==, 4);
    g_assert_cmpint(parse("GET / HTTP/1.1\r\nRange: bytes=4-3\r\n\r\n", &r), ==, APPLE_HTTP_OK);
    g_assert_false(r.has_range);
}

static void
test_wrong(void)
{
    static const char *const requests[] = {
        "\x16\x03\x01 \r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "GET nowhere HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\n: nameless\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "CONNECT :443 HTTP/1.1\r\n\r\n",
    };
    apple_http_request_t r = { .port = 7 };

    for (size_t i = 0; i < G_N_ELEMENTS(requests); i++)
        g_assert_cmpint(parse(requests[i], &r), ==, APPLE_HTTP_BAD);
    g_assert_cmpuint(r.port, ==, 7);
}

/* A head without an end is given up at the limit. */
static void
test_endless(void)
{
    g_autofree uint8_t *data = g_malloc(APPLE_HTTP_HEAD_MAX);
    apple_http_request_t r;

    memset(data, 'a', APPLE_HTTP_HEAD_MAX);
    g_assert_cmpint(apple_http_parse(data, APPLE_HTTP_HEAD_MAX - 1, &r), ==, APPLE_HTTP_SHORT);
    g_assert_cmpint(apple_http_parse(data, APPLE_HTTP_HEAD_MAX, &r), ==, APPLE_HTTP_BAD);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/httpwire/post", test_post);
    g_test_add_func("/lab/httpwire/short", test_short);
    g_test_add_func("/lab/httpwire/continue", test_continue);
    g_test_add_func("/lab/httpwire/proxy", test_proxy);
    g_test_add_func("/lab/httpwire/range", test_range);
    g_test_add_func("/lab/httpwire/wrong", test_wrong);
    g_test_add_func("/lab/httpwire/endless", test_endless);
    return g_test_run();
}
