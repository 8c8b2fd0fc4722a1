/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The bounded reader. */
#include <glib.h>

#include "dissectors/core/cursor.h"

static const guint8 bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

static void
test_orders(void)
{
    struct rs_cursor cursor;

    rs_cursor_init(&cursor, bytes, sizeof bytes);
    g_assert_cmphex(rs_take_u8(&cursor), ==, 0x01);
    g_assert_cmphex(rs_take_be64(&cursor), ==, G_GUINT64_CONSTANT(0x0203040506070809));
    rs_cursor_init(&cursor, bytes, sizeof bytes);
    g_assert_cmphex(rs_take_le64(&cursor), ==, G_GUINT64_CONSTANT(0x0807060504030201));
    rs_cursor_init(&cursor, bytes, sizeof bytes);
    g_assert_cmphex(rs_take_be16(&cursor), ==, 0x0102);
    g_assert_cmphex(rs_take_le16(&cursor), ==, 0x0403);
    g_assert_cmphex(rs_take_be32(&cursor), ==, 0x05060708);
    g_assert_cmpuint(rs_left(&cursor), ==, 1);
    rs_cursor_init(&cursor, bytes, sizeof bytes);
    g_assert_cmphex(rs_take_le32(&cursor), ==, 0x04030201);
    g_assert_false(cursor.failed);
}

/* The first read past the end fails, and so does every later one, however small. */
static void
test_sticky(void)
{
    struct rs_cursor cursor;

    rs_cursor_init(&cursor, bytes, 3);
    g_assert_cmphex(rs_take_be32(&cursor), ==, 0);
    g_assert_true(cursor.failed);
    g_assert_cmpuint(rs_left(&cursor), ==, 0);
    g_assert_cmphex(rs_take_u8(&cursor), ==, 0);
    g_assert_null(rs_take_bytes(&cursor, 0));
}

static void
test_bytes(void)
{
    struct rs_cursor cursor;

    rs_cursor_init(&cursor, bytes, sizeof bytes);
    g_assert_true(rs_take_bytes(&cursor, 4) == bytes);
    g_assert_true(rs_take_bytes(&cursor, 5) == bytes + 4);
    g_assert_cmpuint(rs_left(&cursor), ==, 0);
    g_assert_false(cursor.failed);
    g_assert_null(rs_take_bytes(&cursor, SIZE_MAX));
    g_assert_true(cursor.failed);
}

static void
test_empty(void)
{
    struct rs_cursor cursor;

    rs_cursor_init(&cursor, NULL, 0);
    g_assert_cmpuint(rs_left(&cursor), ==, 0);
    g_assert_null(rs_take_bytes(&cursor, 0));
    g_assert_false(cursor.failed);
    g_assert_cmphex(rs_take_u8(&cursor), ==, 0);
    g_assert_true(cursor.failed);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cursor/orders", test_orders);
    g_test_add_func("/cursor/sticky", test_sticky);
    g_test_add_func("/cursor/bytes", test_bytes);
    g_test_add_func("/cursor/empty", test_empty);
    return g_test_run();
}
