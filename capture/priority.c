/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * sched(7), getrlimit(2): the limit is what one who has no rights any more may ask for. */
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include "capture/priority.h"

enum { LOWEST = 1 }; /* of those that go before others */

void
rs_priority_allow(void)
{
    const struct rlimit limit = { LOWEST, LOWEST };

    (void)!setrlimit(RLIMIT_RTPRIO, &limit);
}

void
rs_priority_raise(void)
{
    const struct sched_param priority = { .sched_priority = LOWEST };

    (void)!pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority);
}
