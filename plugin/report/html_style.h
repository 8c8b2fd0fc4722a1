/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How the HTML report looks: light, dark and on paper. */
#pragma once

extern const char rs_html_style[];
