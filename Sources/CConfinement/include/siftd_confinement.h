#ifndef SIFTD_CONFINEMENT_H
#define SIFTD_CONFINEMENT_H

/// Parts of ``siftd_confine`` that were put into force.
enum {
    SIFTD_IDLE_CPU = 1,
    SIFTD_IDLE_IO = 2,
    SIFTD_MEMORY_LIMIT = 4,
    SIFTD_NO_NEW_PRIVILEGES = 8,
    SIFTD_NO_NETWORK = 16,
};

/// Makes this process one that only takes what others leave: niceness 19 and SCHED_IDLE for all
/// its threads, idle I/O, at most so many bytes of address space, no new privileges, and no sockets
/// but unix ones. Nothing of it can be taken back.
///
/// Returns the parts that the system permitted.
int siftd_confine(unsigned long long memory);

/// Starts a child that inherits standard output and error alone, with all signals at their defaults.
/// Its standard input is `input`, which must be shorter than a pipe holds (64 KiB).
///
/// Returns 0 or the error number.
int siftd_spawn(
    const char *path, char *const arguments[], const void *input, unsigned long size, int *child);

#endif
