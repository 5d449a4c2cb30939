#include "siftd_milter_signals.h"

#include <signal.h>
#include <unistd.h>

// libmilter starts a thread that waits for HUP, INT and TERM and ends all service at any of them, with
// messages in work. The kernel hands a signal to it whenever the main thread is just busy with another
// one: two reloads at once, or a reload and a stop, would end siftd the hard way. So that thread waits
// for ever. The dynamic linker takes this definition before libc's; nobody else in the process calls it.
int sigwait(const sigset_t *restrict set, int *restrict number) {
    (void)set;
    (void)number;
    for (;;) pause();
}

void siftd_keep_signals_from_libmilter(void) {}
