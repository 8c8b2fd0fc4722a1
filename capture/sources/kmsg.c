/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * /dev/kmsg: the kernel's Documentation/ABI/testing/dev-kmsg. A record is "priority,number,
 * microseconds,flags;text", and then lines that begin with a blank, among them SUBSYSTEM=. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture/sources/kmsg.h"

enum { RECORD_MAX = 8192, PRIORITY = 7 };

int
rs_kmsg_open(void)
{
    const int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (fd >= 0)
        lseek(fd, 0, SEEK_END);
    return fd;
}

static bool
is_about_usb(const char *record, const char *text)
{
    static const char *const beginnings[] = { "usb",  "hub ", "xhci",  "ehci",
                                              "vhci", "cdc_", "ipheth" };

    if (strstr(record, "\n SUBSYSTEM=usb"))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(beginnings); i++) {
        if (g_str_has_prefix(text, beginnings[i]))
            return true;
    }
    return strstr(text, "xhci_hcd") || strstr(text, "ehci_hcd") || strstr(text, "vhci_hcd");
}

gboolean
rs_kmsg_parse(const char *record, const char **ret_text, size_t *ret_length, int *ret_priority,
              uint64_t *ret_time_ns)
{
    const char *text = strchr(record, ';');
    char *at;
    unsigned long priority;
    unsigned long long us;

    if (!text)
        return FALSE;
    priority = strtoul(record, &at, 10);
    if (*at != ',')
        return FALSE;
    strtoull(at + 1, &at, 10);
    if (*at != ',')
        return FALSE;
    if (!g_ascii_isdigit(at[1]))
        return FALSE;
    us = strtoull(at + 1, &at, 10);
    /* From user space somebody else may say anything. */
    if (priority > PRIORITY || us > UINT64_MAX / 1000 || !is_about_usb(record, text + 1))
        return FALSE;
    *ret_text = text + 1;
    *ret_length = strcspn(text + 1, "\n");
    *ret_priority = (int)priority;
    *ret_time_ns = us * 1000U;
    return TRUE;
}

/* The kernel counts from its start; what that is in our time changes when the clock is set. */
static uint64_t
boot_ns(void)
{
    struct timespec since;

    clock_gettime(CLOCK_MONOTONIC, &since);
    return rs_now_ns() - ((uint64_t)since.tv_sec * 1000000000U + (uint64_t)since.tv_nsec);
}

void
rs_kmsg_read(int fd, rs_messages *messages)
{
    const uint64_t boot = boot_ns();
    char record[RECORD_MAX + 1];

    for (;;) {
        const ssize_t n = read(fd, record, RECORD_MAX);
        struct rs_message message = { .identifier = "kernel", .transport = "kernel" };

        if (n < 0 && (errno == EPIPE || errno == EINTR)) /* some were overwritten */
            continue;
        if (n <= 0)
            return;
        record[n] = '\0';
        if (!rs_kmsg_parse(record, &message.text, &message.length, &message.priority,
                           &message.time_ns))
            continue;
        message.time_ns += boot;
        rs_messages_post(messages, &message);
    }
}
