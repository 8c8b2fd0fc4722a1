/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Faults at steps of DFU and recovery mode. */
#include "samples/lab/vphone/modes/steps.h"

/* Data of a frame is behind usbmon's header (bus/filters.c). */
enum { DATA_AT = 64 };

lab_action_t
lab_steps_at(lab_steps_t *steps, lab_step_t step, const char *detail, lab_urb_t *urb,
             lab_action_t own, lab_act_t *act)
{
    lab_action_t todo = lab_phone_step(steps->phone, step, detail, urb, act);

    if (todo == LAB_DO_HANG || todo == LAB_DO_ERROR_HERE)
        return LAB_DO_HANG;
    if (todo == LAB_DO_DROP_ANSWER && urb) {
        lab_phone_mark(steps->phone, act, "a request is never answered", NULL, 0, 0);
        steps->withheld = urb;
        steps->withheld_by = *act;
        return LAB_DO_HANG;
    }
    if (todo == LAB_DO_NOTHING || todo == own)
        return todo;
    lab_phone_mark(steps->phone, act, "nothing here can do what the fault says", NULL, 0, 0);
    return LAB_DO_NOTHING;
}

void
lab_steps_unlinked(lab_steps_t *steps, const lab_urb_t *urb)
{
    g_autofree char *filter = NULL;

    if (!steps->withheld || urb != steps->withheld)
        return;
    steps->withheld = NULL;
    filter = g_strdup_printf("@device && usb.urb_type == 67 && usb.endpoint_address == 0x%02x && "
                             "(usb.urb_status == -2 || usb.urb_status == -104)",
                             urb->endpoint);
    lab_phone_mark(steps->phone, &steps->withheld_by, "the host gave up waiting for the answer",
                   filter, 0, 5);
}

char *
lab_answer_filter(const uint8_t *data, size_t n)
{
    GString *filter = g_string_new(NULL);

    g_string_printf(filter,
                    "@device && usb.urb_type == 67 && usb.endpoint_address == 0x80 && "
                    "usb.data_len == %zu && frame[%d:%zu] == ",
                    n, DATA_AT, n);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(filter, "%s%02x", i ? ":" : "", data[i]);
    return g_string_free(filter, FALSE);
}

unsigned
lab_config_ms(const lab_phone_t *phone, const char *key, unsigned fallback)
{
    const char *text = lab_phone_config(phone, key, NULL);
    gint64 value = fallback;

    if (text)
        (void)lab_scenario_number(text, &value);
    return (unsigned)CLAMP(value, 0, G_MAXINT);
}
