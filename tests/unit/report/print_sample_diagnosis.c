/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prints the made-up diagnoses as JSON, a line each, for check_schema.py. */
#include <stdio.h>

#include "plugin/report/mask.h"
#include "plugin/report/report_json.h"
#include "sample_diagnosis.h"

static void
print(struct rs_diagnosis *diagnosis, const rs_knowledge *knowledge, gboolean masked)
{
    g_autoptr(JsonObject) report = rs_report_json(diagnosis, knowledge);
    g_autofree char *line = NULL;

    if (masked)
        rs_mask_report(report);
    line = rs_json_line(report);
    puts(line);
    rs_diagnosis_free(diagnosis);
}

int
main(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(rs_knowledge) knowledge = rs_knowledge_new(RS_ERRORS_JSON, &error);

    if (!knowledge) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    print(sample_failed(), knowledge, FALSE);
    print(sample_failed(), knowledge, TRUE);
    print(sample_failed(), NULL, FALSE);
    print(sample_twice(), knowledge, FALSE);
    print(sample_twice(), knowledge, TRUE);
    print(sample_nothing(), knowledge, FALSE);
    return 0;
}
