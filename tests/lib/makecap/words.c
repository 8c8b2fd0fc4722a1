/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See words.h. */
#include "tests/lib/makecap/words.h"

#include "tests/lib/makecap/bytes.h"
#include "tests/lib/makecap/value.h"
#include "tests/lib/makecap/xpc.h"

enum { FILL_MAX = 16 << 20, SHA1_BYTES = 20 };

static gboolean
fail(GError **error, const char *what, const char *word)
{
    g_set_error(error, g_quark_from_static_string("words"), 0, "%s in '%s'", what, word);
    return FALSE;
}

static gboolean
append_text(GByteArray *out, const char *rest, GError **error)
{
    (void)error;
    put_bytes(out, rest, strlen(rest));
    return TRUE;
}

static gboolean
append_line(GByteArray *out, const char *rest, GError **error)
{
    (void)error;
    put_bytes(out, rest, strlen(rest) + 1);
    return TRUE;
}

static gboolean
append_hex(GByteArray *out, const char *rest, GError **error)
{
    for (const char *p = rest; *p; p += 2) {
        if (!g_ascii_isxdigit(p[0]) || !g_ascii_isxdigit(p[1]))
            return fail(error, "no hexadecimal digits", rest);
        put_8(out, (guint)(g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1])));
    }
    return TRUE;
}

static gboolean
append_fill(GByteArray *out, const char *rest, GError **error)
{
    guint64 count = g_ascii_strtoull(rest, NULL, 10);

    if (count > FILL_MAX)
        return fail(error, "too many bytes", rest);
    for (guint64 i = 0; i < count; i++)
        put_8(out, (guint)(i * 7 + (i >> 8) * 13) & 0xff);
    return TRUE;
}

enum framing { BARE, LENGTH_BE, LENGTH_LE_BINARY };

static gboolean
append_value(GByteArray *out, const char *rest, enum framing framing, GError **error)
{
    g_autoptr(plist) value = value_parse(rest, error);
    g_autoptr(GByteArray) body = g_byte_array_new();

    if (!value)
        return FALSE;
    if (framing == LENGTH_LE_BINARY)
        value_write_binary(value, body);
    else
        value_write_xml(value, body);
    if (framing == LENGTH_BE)
        put_be32(out, body->len);
    if (framing == LENGTH_LE_BINARY)
        put_le32(out, body->len);
    put_bytes(out, body->data, body->len);
    return TRUE;
}

static gboolean
append_xml(GByteArray *out, const char *rest, GError **error)
{
    return append_value(out, rest, BARE, error);
}

static gboolean
append_message(GByteArray *out, const char *rest, GError **error)
{
    return append_value(out, rest, LENGTH_BE, error);
}

static gboolean
append_proxy(GByteArray *out, const char *rest, GError **error)
{
    return append_value(out, rest, LENGTH_LE_BINARY, error);
}

/* TAG:VALUE, with the header of usbmuxd's socket. */
static gboolean
append_usbmuxd(GByteArray *out, const char *rest, GError **error)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    const char *value = strchr(rest, ':');

    if (!value)
        return fail(error, "no TAG:VALUE", rest);
    if (!append_xml(body, value + 1, error))
        return FALSE;
    put_le32(out, 16 + body->len);
    put_le32(out, 1);
    put_le32(out, 8);
    put_le32(out, (guint32)g_ascii_strtoull(rest, NULL, 0));
    put_bytes(out, body->data, body->len);
    return TRUE;
}

/* STREAM:FLAGS:NUMBER:VALUE: an XPC message in DATA frames of HTTP/2. Without VALUE it is empty. */
static gboolean
append_xpc(GByteArray *out, const char *rest, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(rest, ":", 4);
    g_autoptr(plist) value = NULL;
    struct xpc_message message;

    if (g_strv_length(parts) != 4)
        return fail(error, "no STREAM:FLAGS:NUMBER:VALUE", rest);
    if (*parts[3] != '\0' && !(value = value_parse(parts[3], error)))
        return FALSE;
    message.stream = (guint32)g_ascii_strtoull(parts[0], NULL, 0);
    message.flags = (guint32)g_ascii_strtoull(parts[1], NULL, 0);
    message.number = g_ascii_strtoull(parts[2], NULL, 0);
    message.value = value;
    xpc_write(&message, out);
    return TRUE;
}

static gboolean
append_chunk(GByteArray *out, const char *rest, GError **error)
{
    g_autoptr(GChecksum) sha1 = g_checksum_new(G_CHECKSUM_SHA1);
    guint8 digest[SHA1_BYTES];
    gsize length = sizeof digest;
    guint start = out->len;

    if (!append_fill(out, rest, error))
        return FALSE;
    g_checksum_update(sha1, out->data + start, (gssize)(out->len - start));
    g_checksum_get_digest(sha1, digest, &length);
    put_bytes(out, digest, length);
    return TRUE;
}

static gboolean
append_badchunk(GByteArray *out, const char *rest, GError **error)
{
    if (!append_chunk(out, rest, error))
        return FALSE;
    out->data[out->len - 1] ^= 0xff;
    return TRUE;
}

/* A tag with its length in two bytes. */
static void
put_der(GByteArray *out, guint tag, const void *bytes, guint length)
{
    put_8(out, tag);
    put_8(out, 0x82);
    put_be16(out, length);
    put_bytes(out, bytes, length);
}

/* SEQUENCE { IA5String "IM4P", IA5String type, IA5String description, OCTET STRING } */
static gboolean
append_image(GByteArray *out, const char *rest, GError **error)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_autoptr(GByteArray) payload = g_byte_array_new();

    if (strlen(rest) < 6 || rest[4] != ':')
        return fail(error, "no TYPE:N", rest);
    if (!append_fill(payload, rest + 5, error))
        return FALSE;
    put_der(body, 0x16, "IM4P", 4);
    put_der(body, 0x16, rest, 4);
    put_der(body, 0x16, "test", 4);
    put_der(body, 0x04, payload->data, payload->len);
    put_der(out, 0x30, body->data, body->len);
    return TRUE;
}

static void
put_http(GByteArray *out, const char *head, const GByteArray *body)
{
    g_autofree char *text = g_strdup_printf(
        "%s\r\nContent-Length: %u\r\nContent-Type: text/xml\r\n\r\n", head, body->len);

    put_bytes(out, text, strlen(text));
    put_bytes(out, body->data, body->len);
}

static gboolean
append_post(GByteArray *out, const char *rest, GError **error)
{
    const char *dict = strchr(rest, '{');
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_autofree char *host = NULL;
    g_autofree char *head = NULL;

    if (!dict)
        return fail(error, "no '{'", rest);
    if (!append_xml(body, dict, error))
        return FALSE;
    host = g_strndup(rest, (gsize)(dict - rest));
    head = g_strdup_printf("POST /TSS/controller?action=2 HTTP/1.1\r\nHost: %s", host);
    put_http(out, head, body);
    return TRUE;
}

static gboolean
append_reply(GByteArray *out, const char *rest, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(rest, ":", 2);
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_autofree char *head = NULL;

    if (!parts[0] || !parts[1])
        return fail(error, "no CODE:TEXT", rest);
    put_bytes(body, parts[1], strlen(parts[1]));
    head = g_strdup_printf("HTTP/1.1 %s Answer", parts[0]);
    put_http(out, head, body);
    return TRUE;
}

gboolean
words_append(GByteArray *out, const char *word, GError **error)
{
    static const struct {
        const char *kind;
        gboolean (*append)(GByteArray *out, const char *rest, GError **error);
    } kinds[] = {
        { "text:", append_text },         { "line:", append_line },
        { "hex:", append_hex },           { "fill:", append_fill },
        { "xml:", append_xml },           { "message:", append_message },
        { "proxy:", append_proxy },       { "chunk:", append_chunk },
        { "badchunk:", append_badchunk }, { "image:", append_image },
        { "post:", append_post },         { "reply:", append_reply },
        { "usbmuxd:", append_usbmuxd },   { "xpc:", append_xpc },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_has_prefix(word, kinds[i].kind))
            return kinds[i].append(out, word + strlen(kinds[i].kind), error);
    return fail(error, "no known kind", word);
}
