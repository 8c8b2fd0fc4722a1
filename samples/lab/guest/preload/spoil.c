/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Preloaded into a restore tool: one bit of the LAB_SPOIL_CHUNK-th chunk of the system image is
 * sent wrong, as by a computer with faulty memory. The tool takes the chunk's SHA-1 before that. A
 * chunk is 128 KiB, handed over in one call (idevicerestore 1.0.0, src/asr.c). */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { CHUNK = 131072, SPOILED_AT = 4711 };

typedef ssize_t (*send_t)(int fd, const void *data, size_t length, int flags);

__attribute__((visibility("default"))) ssize_t
send(int fd, const void *data, size_t length, int flags)
{
    static char spoiled[CHUNK];
    static long chunk;
    static send_t real;
    const char *wanted = getenv("LAB_SPOIL_CHUNK");

    if (!real) {
        void *found = dlsym(RTLD_NEXT, "send");

        memcpy(&real, &found, sizeof(real));
    }
    if (length != CHUNK || !wanted || ++chunk != strtol(wanted, NULL, 10))
        return real(fd, data, length, flags);
    memcpy(spoiled, data, CHUNK);
    spoiled[SPOILED_AT] ^= 1;
    return real(fd, spoiled, CHUNK, flags);
}
