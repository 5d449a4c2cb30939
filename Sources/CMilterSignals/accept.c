#define _GNU_SOURCE
#include "siftd_milter_signals.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>

// libmilter's listener polls and accepts again at once when there is no descriptor for a
// connection: the connection stays in the queue, so poll(2) returns at once, and a core is busy
// until another connection ends. Here the listener pauses after such a failure. The dynamic linker
// resolves this definition before libc's; only libmilter calls accept(2), everything else in the
// process calls accept4(2).
static const struct timespec pause_time = {.tv_sec = 0, .tv_nsec = 100000000};

static _Atomic(siftd_accept_hook) hook;

void siftd_on_accept_failure(siftd_accept_hook called) { atomic_store(&hook, called); }

int accept(int descriptor, struct sockaddr *restrict address, socklen_t *restrict length) {
    int client = accept4(descriptor, address, length, 0);
    if (client >= 0) return client;
    int code = errno;
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
