#define _GNU_SOURCE
#include "siftd_confinement.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <dirent.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// linux/ioprio.h is not in all of Debian's header packages.
#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_CLASS_IDLE (3 << 13)

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// Niceness, scheduling and I/O class belong to threads; the runtime has started some already.
static int make_idle(void) {
    int parts = SIFTD_IDLE_CPU | SIFTD_IDLE_IO;
    DIR *threads = opendir("/proc/self/task");
    if (threads == NULL) return 0;
    const struct sched_param none = {.sched_priority = 0};
    struct dirent *entry;
    while ((entry = readdir(threads)) != NULL) {
        int thread = atoi(entry->d_name);
        if (thread <= 0) continue;
        // A thread may have ended since.
        if (setpriority(PRIO_PROCESS, (id_t)thread, 19) != 0 && errno != ESRCH)
            parts &= ~SIFTD_IDLE_CPU;
        if (sched_setscheduler(thread, SCHED_IDLE, &none) != 0 && errno != ESRCH)
            parts &= ~SIFTD_IDLE_CPU;
        if (syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, thread, IOPRIO_CLASS_IDLE) != 0 &&
            errno != ESRCH)
            parts &= ~SIFTD_IDLE_IO;
    }
    closedir(threads);
    return parts;
}

#ifdef ARCHITECTURE
// Sockets of any family but AF_UNIX are refused, and so is io_uring, which could open them.
static int forbid_network(void) {
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#if defined(__x86_64__)
        // The x32 forms of system calls have numbers of their own.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
#endif
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {
        .len = sizeof rules / sizeof rules[0],
        .filter = rules,
    };
    return (int)syscall(
        SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
}
#else
static int forbid_network(void) { return -1; }
#endif

int siftd_confine(unsigned long long memory, int yields, int needs_network) {
    int parts = yields ? make_idle() : 0;
    const struct rlimit limit = {.rlim_cur = memory, .rlim_max = memory};
    if (memory > 0 && setrlimit(RLIMIT_AS, &limit) == 0) parts |= SIFTD_MEMORY_LIMIT;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) parts |= SIFTD_NO_NEW_PRIVILEGES;
    if (!needs_network && forbid_network() == 0) parts |= SIFTD_NO_NETWORK;
    return parts;
}

void siftd_end_with(int parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    // It may have ended before.
    if (getppid() != parent) _exit(1);
}
