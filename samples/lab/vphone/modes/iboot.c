/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Commands of iBoot. Which there are: libirecovery 1.0.0, tools/irecovery.c, and idevicerestore
 * 1.0.0, src/recovery.c. Most of them change what the screen shows or what is in memory, and
 * nothing of that can be seen from outside. */
#include "samples/lab/vphone/modes/iboot.h"

#include <stdio.h>
#include <string.h>

#include "samples/lab/vphone/modes/steps.h"

enum { STAGE_IBSS = 1, STAGE_IBEC = 2 };

/* The client needs some time to learn that the phone left before it may be back. */
enum { LEAVE_MS = 200, RETURN_MS = 1200, BOOT_MS = 3000 };

struct lab_iboot {
    lab_phone_t *phone;
    unsigned stage;
    GHashTable *variables; /* those that were set since it started */
    char *answer, *asked_for;
    char loaded[5];
};

/* Beginning of a line, and what it does with the rest. */
typedef struct {
    const char *word;
    void (*obey)(lab_iboot_t *iboot, const char *rest);
} command_t;

lab_iboot_t *
lab_iboot_new(lab_phone_t *phone)
{
    lab_iboot_t *iboot = g_new0(lab_iboot_t, 1);

    iboot->phone = phone;
    iboot->stage = lab_phone_identity(phone)->stage;
    iboot->variables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    iboot->answer = g_strdup("");
    iboot->asked_for = g_strdup("");
    return iboot;
}

void
lab_iboot_free(lab_iboot_t *iboot)
{
    if (!iboot)
        return;
    g_hash_table_unref(iboot->variables);
    g_free(iboot->answer);
    g_free(iboot->asked_for);
    g_free(iboot);
}

unsigned
lab_iboot_stage(const lab_iboot_t *iboot)
{
    return iboot->stage;
}

const char *
lab_iboot_answer(const lab_iboot_t *iboot)
{
    return iboot->answer;
}

const char *
lab_iboot_asked_for(const lab_iboot_t *iboot)
{
    return iboot->asked_for;
}

void
lab_iboot_loaded(lab_iboot_t *iboot, const char *type)
{
    g_strlcpy(iboot->loaded, type, sizeof(iboot->loaded));
}

/* ---- variables ---- */

/* iBoot of iOS 16.7; "" is one that is not set, which is how iBoot itself answers. */
static char *
built_in(const lab_iboot_t *iboot, const char *name)
{
    static const struct {
        const char *name, *value;
    } fixed[] = {
        { "build-version", "iBoot-8422.142.2.0.1" },
        { "build-style", "RELEASE" },
        { "ramdisk-size", "0x20000000" },
        { "loadaddr", "0x801000000" },
        { "firmware-version", "iBoot-8422.142.2.0.1" },
        { "?", "0" },
    };
    const lab_identity_t *id = lab_phone_identity(iboot->phone);

    for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
        if (strcmp(fixed[i].name, name) == 0)
            return g_strdup(fixed[i].value);
    if (strcmp(name, "auto-boot") == 0)
        return g_strdup(id->stays_in_recovery ? "false" : "true");
    /* Its own iBoot comes after LLB, as iBEC comes after iBSS. */
    if (strcmp(name, "boot-stage") == 0)
        return g_strdup(iboot->stage == STAGE_IBSS ? "1" : "2");
    if (strcmp(name, "config_board") == 0)
        return g_ascii_strdown(id->model->hardware, -1);
    return g_strdup("");
}

static char *
variable(const lab_iboot_t *iboot, const char *name)
{
    const char *set = g_hash_table_lookup(iboot->variables, name);
    g_autofree char *key = g_strconcat("env.", name, NULL);

    if (!set)
        set = lab_phone_config(iboot->phone, key, NULL);
    if (!set)
        return built_in(iboot, name);
    return g_strdup(strcmp(set, "unset") == 0 ? "" : set);
}

static void
get_variable(lab_iboot_t *iboot, const char *name)
{
    g_free(iboot->answer);
    g_free(iboot->asked_for);
    iboot->answer = variable(iboot, name);
    iboot->asked_for = g_strdup(name);
}

/* "NAME VALUE", "NAME=VALUE", or "NAME" alone, which empties it. */
static void
set_variable(lab_iboot_t *iboot, const char *rest)
{
    size_t n = strcspn(rest, " =");
    const char *value = rest + n + (rest[n] != '\0');

    if (n > 0)
        g_hash_table_insert(iboot->variables, g_strndup(rest, n),
                            g_strstrip(g_strdup(*value ? value : "unset")));
}

/* Of everything in NVRAM only this has an effect here. */
static void
save_variables(lab_iboot_t *iboot, const char *rest)
{
    g_autofree char *auto_boot = variable(iboot, "auto-boot");

    (void)rest;
    lab_phone_identity(iboot->phone)->stays_in_recovery = strcmp(auto_boot, "true") != 0;
}

/* ---- starts ---- */

static void
leave(lab_iboot_t *iboot, lab_mode_t mode, unsigned stage, const char *key, unsigned ms)
{
    lab_phone_identity(iboot->phone)->stage = stage;
    lab_phone_enter_soon(iboot->phone, lab_config_ms(iboot->phone, "leave_ms", LEAVE_MS), mode,
                         lab_config_ms(iboot->phone, key, ms));
}

static void
refuse(const lab_iboot_t *iboot, const char *word)
{
    fprintf(stderr, "vphone: iBoot does not obey '%s': the image in memory is %s%s\n", word,
            *iboot->loaded ? "of type " : "of no kind it knows", iboot->loaded);
}

/* Starts the image in memory, if that is one to be started. */
static void
go(lab_iboot_t *iboot, const char *rest)
{
    (void)rest;
    if (strcmp(iboot->loaded, "ibec") == 0)
        leave(iboot, LAB_MODE_RECOVERY, STAGE_IBEC, "return_ms", RETURN_MS);
    else if (strcmp(iboot->loaded, "ibss") == 0)
        leave(iboot, LAB_MODE_RECOVERY, STAGE_IBSS, "return_ms", RETURN_MS);
    else
        refuse(iboot, "go");
}

static bool
can_be_kernel(const char *type)
{
    return *type == '\0' || strcmp(type, "rkrn") == 0 || strcmp(type, "krnl") == 0;
}

/* Without any upload before it, it is taken for the kernel of the installed system's ramdisk. */
static void
bootx(lab_iboot_t *iboot, const char *rest)
{
    (void)rest;
    if (can_be_kernel(iboot->loaded))
        leave(iboot, LAB_MODE_RESTORE, 0, "boot_ms", BOOT_MS);
    else
        refuse(iboot, "bootx");
}

static void
restart(lab_iboot_t *iboot, const char *rest)
{
    (void)rest;
    if (lab_phone_identity(iboot->phone)->stays_in_recovery)
        leave(iboot, LAB_MODE_RECOVERY, 0, "return_ms", RETURN_MS);
    else
        leave(iboot, LAB_MODE_NORMAL, 0, "return_ms", BOOT_MS);
}

static const command_t commands[] = {
    { "getenv", get_variable },
    { "setenv", set_variable },
    { "setenvnp", set_variable },
    { "saveenv", save_variables },
    { "go", go },
    { "bootx", bootx },
    { "reset", restart },
    { "reboot", restart },
};

void
lab_iboot_obey(lab_iboot_t *iboot, const char *line)
{
    g_autofree char *text = g_strstrip(g_strdup(line));
    size_t n = strcspn(text, " ");
    const char *rest = text + n + strspn(text + n, " ");

    g_free(iboot->answer);
    g_free(iboot->asked_for);
    iboot->answer = g_strdup("");
    iboot->asked_for = g_strdup("");
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strlen(commands[i].word) == n && strncmp(commands[i].word, text, n) == 0)
            commands[i].obey(iboot, rest);
}
