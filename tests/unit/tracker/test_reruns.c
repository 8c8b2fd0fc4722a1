/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The restore program is started once more, or one run of it goes on: the same packets but for one
 * thing. */
#include "tests/unit/tracker/fixture.h"

enum { SYN = 0x02, RST = 0x04, ACK = 0x10 };
enum { PHONE = 5 };

#define HERE "192.168.1.2"
#define SERVER "17.1.2.3"
#define ONE SERIAL_OF("0000000000000001")
#define TWO SERIAL_OF("0000000000000002")

static guint
n_sessions(const bench *b)
{
    return rs_tracker_sessions(b->tracker)->len;
}

/* A string descriptor is read, as it is for a nonce. */
static void
ask(bench *b, guint8 address)
{
    const struct rs_usb_setup setup = { 0x80, 6, 0x0301, 0, 255 };
    const guint8 nothing[] = { 2, 3 };

    control(b, address, &setup, 0, nothing, sizeof nothing);
}

/* The server's name is found; one connection to it is tried. */
static void
try_to_sign(bench *b, gint64 stream)
{
    dns_query(b, "gs.apple.com");
    dns_answer(b, "gs.apple.com", SERVER);
    segment(b, HERE, SERVER, stream, SYN, NULL, 0);
}

static void
refuse(bench *b, gint64 stream)
{
    try_to_sign(b, stream);
    segment(b, SERVER, HERE, stream, RST | ACK, NULL, 0);
}

/* What the server says in answer to a request. */
static void
answer(bench *b, gint64 status)
{
    const struct rs_fact fact = { .id = RS_FACT_TSS_STATUS, .number = status };

    try_to_sign(b, 1);
    segment(b, SERVER, HERE, 1, ACK, &fact, 1);
}

/* A phone was signed for in vain, in that mode. */
static bench *
refused_once(guint16 product)
{
    bench *b = bench_new();

    attach(b, 1, PHONE, product, product == PID_NORMAL ? NULL : ONE);
    ask(b, PHONE);
    refuse(b, 1);
    g_assert_cmpuint(n_sessions(b), ==, 1);
    return b;
}

/* Sessions when it is asked again after so long, and signed for so much later. */
static guint
n_after(bench *b, double until_asked_s, double until_signed_s)
{
    wait_s(b, until_asked_s);
    ask(b, PHONE);
    wait_s(b, until_signed_s);
    dns_query(b, "gs.apple.com");
    return n_sessions(b);
}

static void
test_again(void)
{
    g_autoptr(bench) b = refused_once(PID_RECOVERY);

    g_assert_cmpuint(n_after(b, 6, 0.2), ==, 2);
    g_assert_cmpuint(b->note.session, ==, 2);
    g_assert_true(session_at(b, 0)->attempted);
    g_assert_true(session_at(b, 1)->device == session_at(b, 0)->device);
    refuse(b, 2);
    g_assert_cmpuint(n_after(b, 9, 0.2), ==, 3);
}

/* The program repeats its request, sooner or later: nobody asked the phone. */
static void
test_repeated(void)
{
    g_autoptr(bench) b = refused_once(PID_RECOVERY);

    for (gint64 stream = 2; stream < 8; stream++) {
        wait_s(b, stream == 6 ? 30 : 2);
        refuse(b, stream);
    }
    g_assert_cmpuint(n_sessions(b), ==, 1);
}

/* Somebody else asked the phone meanwhile. */
static void
test_asked_beside(void)
{
    g_autoptr(bench) soon = refused_once(PID_RECOVERY);
    g_autoptr(bench) long_ago = refused_once(PID_RECOVERY);

    g_assert_cmpuint(n_after(soon, 1, 1), ==, 1);
    g_assert_cmpuint(n_after(long_ago, 3, 8), ==, 1);
}

/* Somebody asks all the time: what looks like a new run then is none, either. */
static void
test_asked_always(void)
{
    g_autoptr(bench) refused = refused_once(PID_RECOVERY);
    g_autoptr(bench) waiting = bench_new();

    for (gint64 stream = 2; stream < 6; stream++) {
        wait_s(refused, stream < 4 ? 2 : 9);
        ask(refused, PHONE);
        wait_s(refused, 1);
        refuse(refused, stream);
    }
    g_assert_cmpuint(n_sessions(refused), ==, 1);
    attach(waiting, 1, PHONE, PID_RECOVERY, ONE);
    try_to_sign(waiting, 1);
    for (guint i = 0; i < 20; i++) {
        wait_s(waiting, 20);
        ask(waiting, PHONE);
    }
    dns_query(waiting, "gs.apple.com");
    g_assert_cmpuint(n_sessions(waiting), ==, 1);
}

/* A name server is asked a second time. */
static void
test_question_repeated(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, PHONE, PID_RECOVERY, ONE);
    dns_query(b, "gs.apple.com");
    g_assert_cmpuint(n_after(b, 4, 1), ==, 1);
}

/* How many there are when a connection waits so long, the phone is asked, and there is a SYN of
 * that one or another. */
static guint
n_after_syn(double waited_s, gint64 stream)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, PHONE, PID_RECOVERY, ONE);
    try_to_sign(b, 1);
    wait_s(b, waited_s);
    ask(b, PHONE);
    segment(b, HERE, SERVER, stream, SYN, NULL, 0);
    return n_sessions(b);
}

/* While one waits, the next may come at any time. */
static void
test_unanswered(void)
{
    g_assert_cmpuint(n_after_syn(66, 2), ==, 1);
    g_assert_cmpuint(n_after_syn(160, 2), ==, 2);
    g_assert_cmpuint(n_after_syn(160, 1), ==, 1);
}

/* The last try is not answered, either. */
static guint
n_after_tries(gint64 n_tries)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, PHONE, PID_RECOVERY, ONE);
    for (gint64 stream = 1; stream <= n_tries; stream++) {
        wait_s(b, 9);
        try_to_sign(b, stream);
        segment(b, HERE, "17.171.36.30", 100 + stream, SYN, NULL, 0);
    }
    return n_after(b, 9, 0.2);
}

static void
test_all_tries(void)
{
    g_assert_cmpuint(n_after_tries(14), ==, 1);
    g_assert_cmpuint(n_after_tries(15), ==, 2);
}

/* In normal mode others ask too: a request that still waits may go on. */
static void
test_normal_mode(void)
{
    g_autoptr(bench) refused = refused_once(PID_NORMAL);
    g_autoptr(bench) waiting = bench_new();

    g_assert_cmpuint(n_after(refused, 6, 0.2), ==, 2);
    attach(waiting, 1, PHONE, PID_NORMAL, NULL);
    try_to_sign(waiting, 1);
    g_assert_cmpuint(n_after(waiting, 160, 0.2), ==, 1);
}

/* A refusal is an end; a ticket may be one of several. */
static void
test_answered(void)
{
    g_autoptr(bench) no = bench_new();
    g_autoptr(bench) yes = bench_new();

    attach(no, 1, PHONE, PID_RECOVERY, ONE);
    answer(no, 94);
    g_assert_cmpuint(n_after(no, 6, 0.2), ==, 2);
    attach(yes, 1, PHONE, PID_RECOVERY, ONE);
    answer(yes, 0);
    g_assert_cmpuint(n_after(yes, 6, 0.2), ==, 1);
}

/* Sessions when it is signed for again after an image was begun, a command, and an absence (less
 * than 0: it stayed). */
static guint
n_after_image(const char *command, double away_s, guint16 product)
{
    g_autoptr(bench) b = bench_new();
    guint8 address = PHONE;

    attach(b, 1, address, PID_RECOVERY, ONE);
    answer(b, 0);
    fact(b, address, RS_FACT_IBOOT_COMPONENT, "iBEC", 0);
    if (command)
        fact(b, address, RS_FACT_IBOOT_COMMAND, command, 0);
    if (away_s >= 0) {
        leave(b, 1);
        wait_s(b, away_s);
        attach(b, 1, ++address, product, ONE);
    }
    wait_s(b, 6);
    ask(b, address);
    dns_query(b, "gs.apple.com");
    return n_sessions(b);
}

/* An image was not taken: nothing of that run could come to another signature. */
static void
test_image_begun(void)
{
    g_assert_cmpuint(n_after_image(NULL, -1, 0), ==, 2);
    g_assert_cmpuint(n_after_image(NULL, 1, PID_RECOVERY), ==, 2);
    g_assert_cmpuint(n_after_image(NULL, 1, PID_DFU), ==, 1);
    g_assert_cmpuint(n_after_image("go", -1, 0), ==, 1);
    g_assert_cmpuint(n_after_image("go", 1, PID_RECOVERY), ==, 1);
}

/* It was told to leave, or left for another mode: the first answer was good enough. */
static void
test_went_on(void)
{
    g_autoptr(bench) told = refused_once(PID_NORMAL);
    g_autoptr(bench) seen = refused_once(PID_NORMAL);

    fact(told, PHONE, RS_FACT_LOCKDOWN_REQUEST, "EnterRecovery", 0);
    g_assert_cmpuint(n_after(told, 6, 0.2), ==, 1);
    leave(seen, 1);
    attach(seen, 1, PHONE, PID_RECOVERY, ONE);
    g_assert_cmpuint(n_after(seen, 6, 0.2), ==, 1);
}

/* The signature for the second boot loader fails, and all is tried again. */
static void
test_second_signature(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, PHONE, PID_RECOVERY, ONE);
    answer(b, 0);
    fact(b, PHONE, RS_FACT_IBOOT_COMPONENT, "iBEC", 0);
    fact(b, PHONE, RS_FACT_IBOOT_COMMAND, "go", 0);
    leave(b, 1);
    attach(b, 1, PHONE, PID_RECOVERY, ONE);
    ask(b, PHONE);
    refuse(b, 2);
    g_assert_cmpuint(n_sessions(b), ==, 1);
    g_assert_cmpuint(n_after(b, 6, 0.2), ==, 2);
}

/* Whose request it is, is not known of two. */
static void
test_two_phones(void)
{
    g_autoptr(bench) b = refused_once(PID_RECOVERY);

    attach(b, 2, 6, PID_RECOVERY, TWO);
    refuse(b, 2);
    wait_s(b, 6);
    ask(b, 6);
    dns_query(b, "gs.apple.com");
    g_assert_cmpuint(n_sessions(b), ==, 2); /* one each */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reruns/again", test_again);
    g_test_add_func("/reruns/repeated", test_repeated);
    g_test_add_func("/reruns/asked-beside", test_asked_beside);
    g_test_add_func("/reruns/asked-always", test_asked_always);
    g_test_add_func("/reruns/question-repeated", test_question_repeated);
    g_test_add_func("/reruns/unanswered", test_unanswered);
    g_test_add_func("/reruns/all-tries", test_all_tries);
    g_test_add_func("/reruns/normal-mode", test_normal_mode);
    g_test_add_func("/reruns/answered", test_answered);
    g_test_add_func("/reruns/image-begun", test_image_begun);
    g_test_add_func("/reruns/went-on", test_went_on);
    g_test_add_func("/reruns/second-signature", test_second_signature);
    g_test_add_func("/reruns/two-phones", test_two_phones);
    return g_test_run();
}
