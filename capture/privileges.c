/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * capabilities(7). Root stays root, but as one who may only do what belongs to root: so it can
 * still write to its own folders, and open a USB bus that is plugged in later. */
#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/privileges.h"

#include "capture/error.h"

enum { N_WORDS = 2 }; /* of capabilities, in version 3 */

gboolean
rs_privileges_drop(GError **error)
{
    struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct none[N_WORDS] = { { 0 } };

    for (unsigned long i = 0; prctl(PR_CAPBSET_DROP, i, 0, 0, 0) == 0; i++)
        continue;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
        setresgid(getgid(), getgid(), getgid()) == 0 &&
        setresuid(getuid(), getuid(), getuid()) == 0 && syscall(SYS_capset, &head, none) == 0)
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
    const char *user = g_getenv("SUDO_UID"), *group = g_getenv("SUDO_GID");
    guint64 uid, gid;

    if (getuid() == 0 && user && group &&
        g_ascii_string_to_unsigned(user, 10, 0, G_MAXINT32, &uid, NULL) &&
        g_ascii_string_to_unsigned(group, 10, 0, G_MAXINT32, &gid, NULL))
        (void)!lchown(path, (uid_t)uid, (gid_t)gid);
}
