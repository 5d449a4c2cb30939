#include "siftd_milter_signals.h"

#include <signal.h>
#include <unistd.h>

// libmilter starts a thread that waits for HUP, INT and TERM and ends all service at any of them,
// without finishing the messages in progress. The kernel delivers a signal to that thread whenever
// the main thread is busy with another one: two reloads, or a reload and a stop, in quick
// succession would end siftd on the spot. So that thread waits for ever here. The dynamic linker
// resolves this definition before libc's; nothing else in the process calls it.
int sigwait(const sigset_t *restrict set, int *restrict number) {
    (void)set;
    (void)number;
    for (;;) pause();
}

void siftd_keep_signals_from_libmilter(void) {}
