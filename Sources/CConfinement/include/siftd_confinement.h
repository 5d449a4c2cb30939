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

/// Bounds this process: at most so many bytes of address space, unless 0, no new privileges, and no
/// sockets but unix ones unless it needs the network; and if it yields, niceness 19, SCHED_IDLE and
/// idle I/O for all its threads, so that it takes only what others leave. Nothing of it can be
/// undone.
///
/// Returns the parts that the system permitted.
int siftd_confine(unsigned long long memory, int yields, int needs_network);

/// Lets this process end with `parent`, the process that started it, and not work on alone.
void siftd_end_with(int parent);

/// Starts a child that inherits standard output and error alone; all signals have their defaults.
/// Its standard input is `input`, which must be shorter than a pipe holds (64 KiB).
///
/// Returns 0 or the error number.
int siftd_spawn(
    const char *path, char *const arguments[], const void *input, unsigned long size, int *child);

#endif
