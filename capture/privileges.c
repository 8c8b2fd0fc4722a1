/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * capabilities(7), credentials(7). Root who has to stay root stays one who may only do what belongs
 * to root. After sudo its saved number is the caller's: so a thread may still make the caller's
 * files, and nobody else's. */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/privileges.h"

#include "capture/error.h"

enum { N_WORDS = 2 }; /* of capabilities, in version 3 */

/* Who called sudo; false when nobody did. */
static bool
find_caller(uid_t *ret_user, gid_t *ret_group)
{
    const char *user = g_getenv("SUDO_UID"), *group = g_getenv("SUDO_GID");
    guint64 uid, gid;

    if (getuid() != 0 || !user || !group ||
        !g_ascii_string_to_unsigned(user, 10, 1, G_MAXINT32, &uid, NULL) ||
        !g_ascii_string_to_unsigned(group, 10, 0, G_MAXINT32, &gid, NULL))
        return false;
    *ret_user = (uid_t)uid;
    *ret_group = (gid_t)gid;
    return true;
}

/* Root with the caller in reserve, or the caller and nothing else. */
static bool
become(uid_t user, gid_t group, bool stays_root)
{
    const struct passwd *entry = getpwuid(user);

    if (stays_root)
        return setresgid(0, 0, group) == 0 && setresuid(0, 0, user) == 0;
    return (entry ? initgroups(entry->pw_name, group) : setgroups(1, &group)) == 0 &&
           setresgid(group, group, group) == 0 && setresuid(user, user, user) == 0;
}

static bool
change_user(bool stays_root)
{
    uid_t user;
    gid_t group;

    if (find_caller(&user, &group))
        return become(user, group, stays_root);
    return setresgid(getgid(), getgid(), getgid()) == 0 &&
           setresuid(getuid(), getuid(), getuid()) == 0;
}

gboolean
rs_privileges_drop(gboolean stays_root, GError **error)
{
    struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct none[N_WORDS] = { { 0 } };

    for (unsigned long i = 0; prctl(PR_CAPBSET_DROP, i, 0, 0, 0) == 0; i++)
        continue;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && change_user(stays_root != FALSE) &&
        syscall(SYS_capset, &head, none) == 0)
        return TRUE;
    g_set_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_INTERNAL, "cannot give up rights: %s",
                g_strerror(errno));
    return FALSE;
}

/* Can this process do what its user cannot? */
static bool
is_privileged(void)
{
    struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct is[N_WORDS] = { { 0 } };

    if (getuid() != geteuid() || getgid() != getegid())
        return true;
    return syscall(SYS_capget, &head, is) == 0 && (is[0].effective || is[1].effective);
}

gboolean
rs_privileges_allow(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    struct stat is;

    if (!is_privileged() || g_str_equal(path, "-") || stat(folder, &is) != 0 ||
        !(is.st_mode & S_IWOTH) || (is.st_mode & S_ISVTX))
        return TRUE;
    g_set_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_WRITE,
                "everybody may write to '%s'; choose another folder, or: chmod o-w '%s'", folder,
                folder);
    return FALSE;
}

void
rs_privileges_give(const char *path)
{
    uid_t user;
    gid_t group;

    if (find_caller(&user, &group))
        (void)!lchown(path, user, group);
}

gboolean
rs_privileges_caller_may_write(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    uid_t user;
    gid_t group;
    gboolean may;

    if (!find_caller(&user, &group))
        return FALSE;
    /* Effective numbers are what eaccess() asks for, and the way back is open. */
    may = setegid(group) == 0 && seteuid(user) == 0 && eaccess(folder, W_OK | X_OK) == 0;
    return seteuid(0) == 0 && setegid(0) == 0 && may;
}

void
rs_privileges_write_as_caller(void)
{
    uid_t user;
    gid_t group;

    if (!find_caller(&user, &group))
        return;
    setfsgid(group);
    setfsuid(user);
}

char *
rs_privileges_advice(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *quoted = g_shell_quote(program ? program : "restorecap");

    return g_strdup_printf("; run restorecap as root, or once: sudo setcap cap_net_raw=ep %s",
                           quoted);
}
