#define _GNU_SOURCE
#include "siftd_confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

extern char **environ;

static int start(const char *path, char *const arguments[], int input, int *child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    code = posix_spawnattr_init(&attributes);
    if (code == 0) {
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
        code = posix_spawn_file_actions_adddup2(&actions, input, 0);
        if (code == 0) code = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
        if (code == 0) code = posix_spawn(child, path, &actions, &attributes, arguments, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

int siftd_spawn(
    const char *path, char *const arguments[], const void *input, unsigned long size, int *child) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    // Written before the child exists: the pipe holds all of it.
    long written = write(ends[1], input, size);
    int code = written == (long)size ? start(path, arguments, ends[0], child)
                                     : (written < 0 ? errno : EMSGSIZE);
    close(ends[0]);
    close(ends[1]);
    return code;
}
