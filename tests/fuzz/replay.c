/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Feeds every file of the given folders to a fuzz target, so that a corpus is a test in every build
 * and with every compiler. An empty folder fails: it would test nothing. */
#include <dirent.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { FILE_MAX = 1 << 20 };

/* The target gets a block exactly as long as the file, so that a sanitizer sees a read beyond. */
static int
replay_file(const char *path)
{
    static uint8_t buffer[FILE_MAX];
    FILE *file = fopen(path, "rb");
    uint8_t *exact;
    size_t size;

    if (file == NULL) {
        perror(path);
        return -1;
    }
    size = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    exact = malloc(size > 0 ? size : 1);
    if (exact == NULL)
        abort();
    memcpy(exact, buffer, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 0;
}

/* How many files were replayed, or -1. */
static int
replay_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    int count = 0;

    if (dir == NULL) {
        perror(folder);
        return -1;
    }
    while (count >= 0 && (entry = readdir(dir)) != NULL) {
        char path[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        count = replay_file(path) == 0 ? count + 1 : -1;
    }
    closedir(dir);
    return count;
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int count = replay_folder(argv[i]);

        if (count <= 0)
            return EXIT_FAILURE;
        printf("%s: %d files\n", argv[i], count);
    }
    return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
