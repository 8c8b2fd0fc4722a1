/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Time stamps as tools write them: ISO 8601; RFC 3164 (syslog); the kernel's printk.time; seconds
 * since 1970 as `ts %.s` and `date +%s.%N` write them. */
#include "plugin/sidelog/stamp.h"

enum { FRACTION_DIGITS = 6, EPOCH_DIGITS = 10, SINCE_DIGITS_MAX = 9 };

static guint
count_digits(const char *p)
{
    guint n = 0;

    while (g_ascii_isdigit(p[n]))
        n++;
    return n;
}

static gint64
digits(const char *p, guint n)
{
    gint64 value = 0;

    for (guint i = 0; i < n; i++)
        value = value * 10 + g_ascii_digit_value(p[i]);
    return value;
}

/* ".123" or ",123" as microseconds; moves behind it. */
static gint64
read_fraction(const char **p)
{
    const guint n = **p == '.' || **p == ',' ? count_digits(*p + 1) : 0;
    const guint used = MIN(n, FRACTION_DIGITS);
    gint64 value = digits(*p + 1, used);

    for (guint i = used; i < FRACTION_DIGITS; i++)
        value *= 10;
    if (n == 0)
        return 0;
    *p += 1 + n;
    return value;
}

/* HH:MM:SS with a fraction; moves behind it. */
static gboolean
read_clock(const char **p, gint64 *ret_us)
{
    const char *at = *p;
    const guint hours = count_digits(at);

    if (hours < 1 || hours > 2 || at[hours] != ':' || count_digits(at + hours + 1) != 2 ||
        at[hours + 3] != ':' || count_digits(at + hours + 4) != 2)
        return FALSE;
    *ret_us =
        (digits(at, hours) * 3600 + digits(at + hours + 1, 2) * 60 + digits(at + hours + 4, 2)) *
        G_USEC_PER_SEC;
    *p = at + hours + 6;
    *ret_us += read_fraction(p);
    return TRUE;
}

/* "Z", "+0200", "-08:00"; FALSE when there is none. */
static gboolean
read_zone(const char **p, gint64 *ret_us)
{
    const char *at = *p;
    const gboolean sign = *at == '+' || *at == '-';
    const guint colon = sign && count_digits(at + 1) == 2 && at[3] == ':' ? 1 : 0;
    const guint n = sign ? count_digits(at + 1) : 0;

    *ret_us = 0;
    if (*at == 'Z') {
        *p = at + 1;
        return TRUE;
    }
    if (!(colon && count_digits(at + 4) == 2) && n != 4)
        return FALSE;
    *ret_us = (digits(at + 1, 2) * 3600 + digits(at + 3 + colon, 2) * 60) * G_USEC_PER_SEC;
    if (*at == '-')
        *ret_us = -*ret_us;
    *p = at + 5 + colon;
    return TRUE;
}

static struct rs_stamp
read_iso(const char *p)
{
    struct rs_stamp stamp = { .kind = RS_STAMP_NONE };
    g_autoptr(GDateTime) day = NULL;
    const char *at = p;
    gint64 clock_us = 0, zone_us = 0;
    gboolean zoned;

    if (count_digits(p) != 4 || p[4] != '-' || count_digits(p + 5) != 2 || p[7] != '-' ||
        count_digits(p + 8) != 2 || (p[10] != ' ' && p[10] != 'T'))
        return stamp;
    at += 11;
    day = g_date_time_new_utc((int)digits(p, 4), (int)digits(p + 5, 2), (int)digits(p + 8, 2), 0, 0,
                              0);
    if (!day || !read_clock(&at, &clock_us))
        return stamp;
    zoned = read_zone(&at, &zone_us);
    stamp.kind = zoned ? RS_STAMP_ABSOLUTE : RS_STAMP_LOCAL;
    stamp.time_us = g_date_time_to_unix(day) * G_USEC_PER_SEC + clock_us - zone_us;
    stamp.length = (gsize)(at - p);
    return stamp;
}

static struct rs_stamp
read_seconds(const char *p, gboolean bracketed)
{
    const guint n = count_digits(p);
    struct rs_stamp stamp = { .kind = RS_STAMP_NONE };
    const char *at = p + n;

    if (n == 0 || n > EPOCH_DIGITS || *at != '.' || !g_ascii_isdigit(at[1]))
        return stamp;
    if (n != EPOCH_DIGITS && (!bracketed || n > SINCE_DIGITS_MAX))
        return stamp;
    stamp.kind = n == EPOCH_DIGITS ? RS_STAMP_ABSOLUTE : RS_STAMP_SINCE;
    stamp.time_us = digits(p, n) * G_USEC_PER_SEC + read_fraction(&at);
    stamp.length = (gsize)(at - p);
    return stamp;
}

/* "Nov 26 ", before a clock; its length, 0 when there is none. */
static gsize
month_and_day(const char *p)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

    for (gsize i = 0; i < G_N_ELEMENTS(months); i++) {
        if (g_str_has_prefix(p, months[i]) && p[3] == ' ' &&
            (g_ascii_isdigit(p[4]) || p[4] == ' ') && g_ascii_isdigit(p[5]) && p[6] == ' ')
            return 7;
    }
    return 0;
}

static struct rs_stamp
read_time_of_day(const char *p)
{
    struct rs_stamp stamp = { .kind = RS_STAMP_NONE };
    const char *at = p + month_and_day(p);
    gint64 clock_us;

    if (!read_clock(&at, &clock_us) || *at == '-')
        return stamp;
    stamp.kind = RS_STAMP_CLOCK;
    stamp.time_us = clock_us;
    stamp.length = (gsize)(at - p);
    return stamp;
}

struct rs_stamp
rs_stamp_read(const char *line)
{
    const gboolean bracketed = *line == '[';
    const char *p = bracketed ? line + 1 + strspn(line + 1, " ") : line;
    struct rs_stamp stamp = read_iso(p);
    const char *end;

    if (stamp.kind == RS_STAMP_NONE)
        stamp = read_seconds(p, bracketed);
    if (stamp.kind == RS_STAMP_NONE)
        stamp = read_time_of_day(p);
    end = p + stamp.length;
    if (stamp.kind == RS_STAMP_NONE || (bracketed && *end != ']') ||
        (!bracketed && *end != '\0' && !g_ascii_isspace(*end)))
        return (struct rs_stamp){ .kind = RS_STAMP_NONE };
    end += bracketed ? 1 : 0;
    end += strspn(end, " \t");
    stamp.length = (gsize)(end - line);
    return stamp;
}
