/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A thread that empties a small ring must run when something is in it, whatever else the machine
 * does. */
#pragma once

/* While we still have rights: lets threads ask later. Where it is refused they stay as others. */
void rs_priority_allow(void);

/* The calling thread goes before all that are not in a hurry. It must sleep most of the time. */
void rs_priority_raise(void);
