#define _GNU_SOURCE
#include "siftd_milter_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// libmilter's listener polls and accepts again at once when there is no descriptor for a
// connection: the connection stays in the queue, so poll(2) returns at once, and a core is busy
// until another connection ends. Here the listener pauses after such a failure. The dynamic linker
// resolves this definition before libc's; only libmilter calls accept(2), everything else in the
// process calls accept4(2).
static const struct timespec pause_time = {.tv_sec = 0, .tv_nsec = 100000000};

static _Atomic(siftd_accept_hook) hook;

void siftd_on_accept_failure(siftd_accept_hook called) { atomic_store(&hook, called); }

// HTTP connections, 48 at most, and files that a reload reads.
static const long most_reserved = 112;

static long limit_of_descriptors(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? (long)limit.rlim_cur : 0;
}

long siftd_reserved_descriptors(void) {
    long quarter = limit_of_descriptors() / 4;
    return quarter < most_reserved ? quarter : most_reserved;
}

// The error number when the connections of MTAs have all descriptors but the reserved ones, or 0.
// The kernel gives the lowest free descriptor, so one is taken for a moment to see which that is.
static int shortage(int descriptor) {
    int lowest = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (lowest < 0) return errno;
    close(lowest);
    return lowest >= limit_of_descriptors() - siftd_reserved_descriptors() ? EMFILE : 0;
}

int accept(int descriptor, struct sockaddr *restrict address, socklen_t *restrict length) {
    int code = shortage(descriptor);
    int client = code == 0 ? accept4(descriptor, address, length, 0) : -1;
    if (client >= 0) return client;
    if (code == 0) code = errno;
    if (code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM) {
        siftd_accept_hook called = atomic_load(&hook);
        if (called != NULL) called(code);
        nanosleep(&pause_time, NULL);
    }
    errno = code;
    return client;
}

int siftd_accept(int descriptor) {
    return accept4(descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
