// The user of one thread. glibc's setresuid(2) changes that of all threads, the system call that of
// the calling one. Only the Doctor module imports this.
#ifndef SIFTD_CTHREADUSER_SHIM_H
#define SIFTD_CTHREADUSER_SHIM_H

#include <sys/syscall.h>

// syscall(2). <unistd.h> would draw types into this module that Swift has in Glibc.
long syscall(long number, ...);

// Gives the calling thread the rights of a user; 0, or -1 with errno.
static inline int siftd_thread_become(
    unsigned int user, const unsigned int *groups, __SIZE_TYPE__ count) {
    if (count == 0) return -1;
    if (syscall(SYS_setgroups, count, groups) != 0) return -1;
    if (syscall(SYS_setresgid, -1, groups[0], -1) != 0) return -1;
    return syscall(SYS_setresuid, -1, user, -1) == 0 ? 0 : -1;
}

#endif
