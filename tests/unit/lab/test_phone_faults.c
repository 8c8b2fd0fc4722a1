/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What faults make of a phone, at a port without a kernel: when it leaves and comes back, which
 * transfers end how, and the marks that say so. */
#include <glib/gstdio.h>

#include "tests/unit/lab/fake-port.h"
#include "tests/unit/lab/written.h"

struct stage {
    lab_scenario_t *scenario;
    lab_faults_t *faults;
    lab_marks_t *marks;
    lab_phone_t *phone;
    char *path; /* of the marks */
};

/* A phone in recovery mode on the bus, with `text` as its scenario. */
static void
stage_set(struct stage *s, const char *text)
{
    g_autoptr(GError) error = NULL;
    int fd = g_file_open_tmp("lab-XXXXXX.marks", &s->path, &error);

    g_assert_true(g_close(fd, &error));
    s->scenario = scenario_from_text(text, &error);
    g_assert_no_error(error);
    s->faults = lab_faults_new_for(s->scenario, "", &error);
    g_assert_no_error(error);
    s->marks = lab_marks_new(s->path, "vphone", &error);
    s->phone = lab_phone_new(s->scenario, 0, s->faults, s->marks, &error);
    g_assert_no_error(error);
    fake.plugged = 0;
    fake.has_address = true;
    fake.ended = g_string_new(NULL);
    lab_phone_plug(s->phone, 0);
    fake_wait(20);
}

static char *
stage_marks(const struct stage *s)
{
    char *text = NULL;

    g_assert_true(g_file_get_contents(s->path, &text, NULL, NULL));
    return text;
}

#define ASSERT_MARKED(stage, text)                                                                 \
    do {                                                                                           \
        g_autofree char *marks_ = stage_marks(stage);                                              \
        if (!strstr(marks_, text))                                                                 \
            g_error("no '%s' in %s", text, marks_);                                                \
    } while (0)

static void
stage_clear(struct stage *s)
{
    lab_phone_free(s->phone);
    lab_faults_free(s->faults);
    lab_marks_free(s->marks);
    lab_scenario_free(s->scenario);
    g_assert_cmpint(g_remove(s->path), ==, 0);
    g_free(s->path);
    g_string_free(fake.ended, TRUE);
}

/* A step that the phone's own command belongs to. */
static lab_action_t
command(struct stage *s, lab_urb_t *urb, lab_act_t *act)
{
    return lab_phone_step(s->phone, LAB_STEP_IBOOT_COMMAND, "go", urb, act);
}

static void
test_unplug(void)
{
    struct stage s;
    lab_act_t act;

    stage_set(&s, "[fault x]\nat = iboot.command go\ndo = unplug\n");
    g_assert_cmpuint(fake.plugged, ==, 1);
    fake_submit(0x81, NULL);
    g_assert_cmpint(command(&s, fake_submit(0x00, "go"), &act), ==, LAB_DO_HANG);
    g_assert_null(fake.port);
    ASSERT_MARKED(&s, "\"fault\":\"fault x\",\"what\":\"it is unplugged\",\"filter\":\"("
                      "(usb.bus_id == 1 && usb.device_address == 5) && usb.urb_type == 67 && "
                      "usb.urb_status < 0 && usb.urb_status != -32) || (usb.bus_id == 1 && "
                      "usb.device_address == 1 && usb.endpoint_address == 0x81 && "
                      "usb.urb_type == 67 && usb.data_len > 0 && frame[64] & 02)\"");
    lab_phone_enter(s.phone, LAB_MODE_RESTORE, 1);
    fake_wait(30);
    g_assert_cmpuint(fake.plugged, ==, 1);
    stage_clear(&s);
}

static void
test_error_then_unplug(void)
{
    struct stage s;
    lab_act_t act;

    stage_set(&s, "[fault]\nat = iboot.command go\ndo = error -71; wait 30; unplug\n");
    g_assert_cmpint(command(&s, fake_submit(0x00, "go"), &act), ==, LAB_DO_ERROR_HERE);
    g_assert_cmpstr(fake.ended->str, ==, "00:-71 ");
    ASSERT_MARKED(&s, "usb.urb_status == -71 && usb.endpoint_address == 0x00");
    g_assert_nonnull(fake.port);
    fake_wait(60);
    g_assert_null(fake.port);
    ASSERT_MARKED(&s, "it is unplugged");
    stage_clear(&s);
}

/* The transfer waits for its error, unless the host gives it up before. */
static void
test_late_error(void)
{
    struct stage s;
    lab_act_t act;
    lab_urb_t *urb;

    stage_set(&s, "[fault]\nat = iboot.command go #*\ndo = wait 30; error -84\n");
    g_assert_cmpint(command(&s, fake_submit(0x00, "go"), &act), ==, LAB_DO_ERROR_HERE);
    g_assert_cmpstr(fake.ended->str, ==, "");
    fake_wait(60);
    g_assert_cmpstr(fake.ended->str, ==, "00:-84 ");
    urb = fake_submit(0x00, "go");
    g_assert_cmpint(command(&s, urb, &act), ==, LAB_DO_ERROR_HERE);
    fake_give_up(urb);
    fake_wait(60);
    g_assert_cmpstr(fake.ended->str, ==, "00:-84 ");
    stage_clear(&s);
}

static void
test_urb_error(void)
{
    struct stage s;
    lab_act_t act;

    stage_set(&s, "[fault a]\nat = iboot.command go\ndo = urb-error -71 0x81\n"
                  "[fault b]\nat = iboot.reply\ndo = urb-error -62\n");
    fake_submit(0x81, NULL);
    fake_submit(0x81, NULL);
    g_assert_cmpint(command(&s, fake_submit(0x00, "go"), &act), ==, LAB_DO_NOTHING);
    g_assert_cmpstr(fake.ended->str, ==, "81:-71 81:-71 ");
    g_string_truncate(fake.ended, 0);
    g_assert_cmpint(
        lab_phone_step(s.phone, LAB_STEP_IBOOT_REPLY, "go", fake_submit(0x80, NULL), &act), ==,
        LAB_DO_ERROR_HERE);
    g_assert_cmpstr(fake.ended->str, ==, "80:-62 ");
    stage_clear(&s);
}

static void
test_hang(void)
{
    struct stage s;
    lab_act_t act;
    lab_urb_t *urb;

    stage_set(&s, "[fault]\nat = iboot.command go\ndo = hang\n");
    urb = fake_submit(0x00, "go");
    g_assert_cmpint(command(&s, urb, &act), ==, LAB_DO_HANG);
    fake_submit(0x00, "bootx");
    g_assert_cmpstr(fake.ended->str, ==, "");
    fake_give_up(urb);
    ASSERT_MARKED(&s, "the host gave up a transfer that hung");
    stage_clear(&s);
}

static void
test_stays(void)
{
    struct stage s;
    lab_act_t act;
    lab_urb_t *urb;

    stage_set(&s, "[fault]\nat = iboot.command go\ndo = no-leave\n");
    urb = fake_submit(0x00, "go");
    g_assert_cmpint(command(&s, urb, &act), ==, LAB_DO_NOTHING);
    lab_phone_complete(s.phone, urb, 0, NULL, 0);
    lab_phone_enter(s.phone, LAB_MODE_RECOVERY, 1);
    fake_wait(20);
    g_assert_nonnull(fake.port);
    g_assert_cmpuint(fake.plugged, ==, 1);
    ASSERT_MARKED(&s, "usb.urb_type == 83 && usb.endpoint_address == 0x00 && "
                      "frame[40:8] == 40:00:00:00:00:00:03:00 && frame[64:3] == 67:6f:00\"");
    stage_clear(&s);
}

static void
test_stays_away(void)
{
    struct stage s;
    lab_act_t act;

    stage_set(&s, "[fault]\nat = iboot.command go\ndo = no-return\n");
    (void)command(&s, NULL, &act);
    lab_phone_enter(s.phone, LAB_MODE_RECOVERY, 1);
    fake_wait(30);
    g_assert_null(fake.port);
    ASSERT_MARKED(&s, "\"what\":\"it left and does not come back\",\"filter\":\"(usb.bus_id == 1 "
                      "&& usb.device_address == 1 && ");
    stage_clear(&s);
}

static void
test_other_mode(void)
{
    struct stage s;
    lab_act_t act;

    stage_set(&s, "[fault]\nat = iboot.command go\ndo = return dfu; late 400\n");
    (void)command(&s, NULL, &act);
    lab_phone_identity(s.phone)->stage = 2;
    lab_phone_enter(s.phone, LAB_MODE_RECOVERY, 1);
    fake_wait(100);
    g_assert_null(fake.port);
    fake_wait(500);
    g_assert_nonnull(fake.port);
    g_assert_cmpint(lab_phone_mode(s.phone), ==, LAB_MODE_DFU);
    g_assert_cmpuint(lab_phone_identity(s.phone)->stage, ==, 0);
    g_assert_true(s.phone->wrong_mode.set);
    ASSERT_MARKED(&s, "it comes back late");
    stage_clear(&s);
}

static void
test_storm(void)
{
    struct stage s;
    lab_act_t act;

    stage_set(&s, "[fault a]\nat = iboot.command go\ndo = storm 3 10\n"
                  "[fault b]\nat = iboot.command go #2\ndo = replug 10 normal\n");
    (void)command(&s, NULL, &act);
    g_assert_null(fake.port);
    fake_wait(200);
    g_assert_nonnull(fake.port);
    g_assert_cmpuint(fake.plugged, ==, 4);
    ASSERT_MARKED(&s, "it comes and goes");
    (void)command(&s, NULL, &act);
    fake_wait(60);
    g_assert_cmpuint(fake.plugged, ==, 5);
    g_assert_cmpint(lab_phone_mode(s.phone), ==, LAB_MODE_NORMAL);
    stage_clear(&s);
}

/* The start itself can be struck, and its step is told once. */
static void
test_start(void)
{
    struct stage s;

    stage_set(&s, "[fault]\nat = attach recovery #*\ndo = late 400; storm 1 5000\n");
    g_assert_cmpuint(fake.plugged, ==, 0);
    fake_wait(600);
    g_assert_cmpuint(fake.plugged, ==, 1);
    stage_clear(&s);
}

/* Layers get what is theirs; what comes before it in time holds back the transfers. */
static void
test_layer(void)
{
    struct stage s;
    lab_act_t act;

    stage_set(&s, "[fault]\nat = iboot.command go\ndo = note hello; wait 200; dfu-state 10 2\n"
                  "frame = @device && usb.urb_status == -32\n");
    g_assert_cmpint(command(&s, NULL, &act), ==, LAB_DO_DFU_STATE);
    g_assert_cmpint(lab_act_int(&act, 1, 0), ==, 2);
    lab_phone_complete(s.phone, fake_submit(0x00, "x"), 0, NULL, 0);
    g_assert_cmpstr(fake.ended->str, ==, "");
    fake_wait(400);
    g_assert_cmpstr(fake.ended->str, ==, "00:0 ");
    ASSERT_MARKED(&s, "\"what\":\"hello\",\"filter\":\"(usb.bus_id == 1 && usb.device_address == "
                      "5) && usb.urb_status == -32\"");
    stage_clear(&s);
}

static void
test_run(void)
{
    g_autofree char *folder = g_dir_make_tmp("lab-XXXXXX", NULL);
    g_autofree char *script = g_build_filename(folder, "touch-it", NULL);
    g_autofree char *made = g_build_filename(folder, "made", NULL);
    struct stage s;
    lab_act_t act;

    g_assert_true(g_file_set_contents(script, "echo \"$2\" > \"${0%/*}/$1\"\n", -1, NULL));
    lab_phones_set_actions(folder);
    stage_set(&s, "[fault a]\nat = iboot.command go\ndo = run touch-it made it\n"
                  "[fault b]\nat = iboot.command go #2\ndo = run nothing\n");
    (void)command(&s, NULL, &act);
    fake_wait(300);
    g_assert_true(g_file_test(made, G_FILE_TEST_EXISTS));
    g_assert_false(lab_phones_failed());
    (void)command(&s, NULL, &act);
    fake_wait(300);
    g_assert_true(lab_phones_failed());
    ASSERT_MARKED(&s, "\"what\":\"run touch-it made it\",\"filter\":null");
    stage_clear(&s);
    g_assert_cmpint(g_remove(made) | g_remove(script) | g_rmdir(folder), ==, 0);
}

int
main(int argc, char **argv)
{
    const lab_mode_ops_t *by_mode[LAB_N_MODES];

    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < LAB_N_MODES; i++)
        by_mode[i] = &fake_mode;
    lab_phones_serve(by_mode);
    g_test_add_func("/lab/phone-faults/unplug", test_unplug);
    g_test_add_func("/lab/phone-faults/error-then-unplug", test_error_then_unplug);
    g_test_add_func("/lab/phone-faults/late-error", test_late_error);
    g_test_add_func("/lab/phone-faults/urb-error", test_urb_error);
    g_test_add_func("/lab/phone-faults/hang", test_hang);
    g_test_add_func("/lab/phone-faults/stays", test_stays);
    g_test_add_func("/lab/phone-faults/stays-away", test_stays_away);
    g_test_add_func("/lab/phone-faults/other-mode", test_other_mode);
    g_test_add_func("/lab/phone-faults/storm", test_storm);
    g_test_add_func("/lab/phone-faults/start", test_start);
    g_test_add_func("/lab/phone-faults/layer", test_layer);
    g_test_add_func("/lab/phone-faults/run", test_run);
    return g_test_run();
}
