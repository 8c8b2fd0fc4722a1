/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Faults: which step they strike at, and that what nothing could obey is refused at the start. */
#include <string.h>

#include "samples/lab/scenario/fault.h"
#include "tests/unit/lab/written.h"

/* The actions due at a step, as names with commas between them. */
static char *
due(lab_faults_t *f, lab_step_t step, const char *detail)
{
    const lab_act_t *acts = NULL;
    size_t n = lab_faults_at(f, step, detail, &acts);
    GString *names = g_string_new(NULL);

    for (size_t i = 0; i < n; i++)
        g_string_append_printf(names, "%s%s", i ? "," : "", lab_action_name(acts[i].action));
    return g_string_free(names, FALSE);
}

#define ASSERT_DUE(f, step, detail, names)                                                         \
    do {                                                                                           \
        g_autofree char *got_ = due(f, step, detail);                                              \
        g_assert_cmpstr(got_, ==, names);                                                          \
    } while (0)

static void
test_counts(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(lab_scenario_t) s = scenario_from_text("[fault a]\nat = dfu.block 2.7\ndo = unplug\n"
                                                     "[fault b]\nat = dfu.block #3\ndo = mute\n"
                                                     "[fault c]\nat = dfu.block 1.0 #*\ndo = hang\n"
                                                     "[fault d]\nat = script a line #2\n"
                                                     "do = reset; wait 5 ;unplug\n",
                                                     &error);
    lab_faults_t *f = lab_faults_new(s, &error);

    g_assert_no_error(error);
    ASSERT_DUE(f, LAB_STEP_DFU_BLOCK, "1.0", "hang");
    ASSERT_DUE(f, LAB_STEP_DFU_STATUS, "1.0", "");
    ASSERT_DUE(f, LAB_STEP_DFU_BLOCK, NULL, "");
    ASSERT_DUE(f, LAB_STEP_DFU_BLOCK, "1.0", "mute,hang");
    ASSERT_DUE(f, LAB_STEP_DFU_BLOCK, "2.7", "unplug");
    ASSERT_DUE(f, LAB_STEP_DFU_BLOCK, "2.7", "");
    ASSERT_DUE(f, LAB_STEP_SCRIPT, "a line", "");
    ASSERT_DUE(f, LAB_STEP_SCRIPT, "a line", "reset,wait,unplug");
    g_assert_true(lab_faults_use(f, LAB_DO_MUTE));
    g_assert_false(lab_faults_use(f, LAB_DO_SAY));
    lab_faults_free(f);
}

static void
test_arguments(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(lab_scenario_t) s =
        scenario_from_text("[fault]\nat = attach\nframe = usb.urb_status == -71\n"
                           "do = urb-error -71 0x85 ; replug ; replug 100 dfu; note a  b\n"
                           "[fault say]\nat = mux.syn 62078\ndo = answer Status 6 ; say a;b 1 \n"
                           "[fault run]\nat = dfu.manifest\ndo = run suspend 5 x\n",
                           &error);
    lab_faults_t *f = lab_faults_new(s, &error);
    const lab_act_t *acts = NULL;

    g_assert_no_error(error);
    g_assert_cmpuint(lab_faults_at(f, LAB_STEP_ATTACH, "dfu", &acts), ==, 4);
    g_assert_cmpstr(acts[0].name, ==, "fault");
    g_assert_cmpstr(acts[0].filter, ==, "usb.urb_status == -71");
    g_assert_cmpint(lab_act_int(&acts[0], 0, 0), ==, -71);
    g_assert_cmpint(lab_act_int(&acts[0], 1, 0), ==, 0x85);
    g_assert_cmpint(lab_act_int(&acts[1], 0, 500), ==, 500);
    g_assert_cmpstr(lab_act_arg(&acts[2], 1, NULL), ==, "dfu");
    g_assert_cmpstr(lab_act_arg(&acts[3], 0, NULL), ==, "a  b");
    g_assert_cmpuint(lab_faults_at(f, LAB_STEP_MUX_SYN, "62078", &acts), ==, 2);
    g_assert_cmpstr(lab_act_arg(&acts[0], 1, NULL), ==, "6");
    g_assert_cmpstr(lab_act_arg(&acts[1], 0, NULL), ==, "a;b 1");
    g_assert_null(acts[1].filter);
    g_assert_cmpuint(lab_faults_at(f, LAB_STEP_DFU_MANIFEST, NULL, &acts), ==, 1);
    g_assert_cmpstr(lab_act_arg(&acts[0], 2, NULL), ==, "x");
    lab_faults_free(f);
}

/* Whose steps count: each phone has its own faults. */
static void
test_devices(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(lab_scenario_t) s =
        scenario_from_text("[device b]\n"
                           "[fault one]\nat = attach\ndevice = b\ndo = unplug\n"
                           "[fault two]\nat = attach\ndo = mute\n",
                           &error);
    lab_faults_t *first = lab_faults_new_for(s, "", &error);
    lab_faults_t *second = lab_faults_new_for(s, "b", &error);

    g_assert_no_error(error);
    ASSERT_DUE(first, LAB_STEP_ATTACH, "dfu", "mute");
    ASSERT_DUE(second, LAB_STEP_ATTACH, "dfu", "unplug,mute");
    lab_faults_free(first);
    lab_faults_free(second);
}

static void
test_slips(void)
{
    static const struct {
        const char *text, *named;
    } slips[] = {
        { "do = unplug", "[fault x] at: missing" },
        { "at = attach", "[fault x] do: missing" },
        { "at = atach\ndo = unplug", "at: unknown step 'atach'" },
        { "at = attach #0\ndo = unplug", "at: no count '#0'" },
        { "at = attach #a\ndo = unplug", "at: no count '#a'" },
        { "at = attach\ndo = unplugged", "do: unknown action 'unplugged'" },
        { "at = attach\ndo = unplug;;mute", "do: unknown action ''" },
        { "at = attach\ndo = unplug 5", "do: wrong number of arguments in 'unplug 5'" },
        { "at = attach\ndo = mute; wait", "do: wrong number of arguments in 'wait'" },
        { "at = attach\ndo = storm 3", "wrong number of arguments" },
        { "at = attach\ndo = storm 3 4 5", "wrong number of arguments" },
        { "at = attach\ndo = wait soon", "do: wrong argument in 'wait soon'" },
        { "at = attach\ndo = error 71", "do: wrong argument in 'error 71'" },
        { "at = attach\ndo = return nowhere", "do: wrong argument in 'return nowhere'" },
        { "at = attach\ndo = dfu-state 10", "wrong number of arguments" },
        { "at = attach\ndo = run", "wrong number of arguments" },
        { "at = attach\ndo = unplug\ndevice = b", "device: there is no [device] called 'b'" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(slips); i++) {
        g_autofree char *text = g_strdup_printf("[fault x]\n%s\n", slips[i].text);
        g_autoptr(GError) error = NULL;
        g_autoptr(lab_scenario_t) s = scenario_from_text(text, &error);

        g_assert_no_error(error);
        g_assert_null(lab_faults_new(s, &error));
        g_assert_nonnull(error);
        if (!strstr(error->message, slips[i].named))
            g_error("'%s' does not name '%s'", error->message, slips[i].named);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/fault/counts", test_counts);
    g_test_add_func("/lab/fault/arguments", test_arguments);
    g_test_add_func("/lab/fault/devices", test_devices);
    g_test_add_func("/lab/fault/slips", test_slips);
    return g_test_run();
}
