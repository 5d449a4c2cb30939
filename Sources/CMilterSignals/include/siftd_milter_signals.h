#ifndef SIFTD_MILTER_SIGNALS_H
#define SIFTD_MILTER_SIGNALS_H

/// Does nothing itself; a call makes sure that this module, with its sigwait(3), is linked.
void siftd_keep_signals_from_libmilter(void);

#endif
