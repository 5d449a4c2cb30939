#ifndef SIFTD_MILTER_SIGNALS_H
#define SIFTD_MILTER_SIGNALS_H

/// Does nothing itself; a call makes sure that this module, with its sigwait(3) and accept(2), is
/// linked.
void siftd_keep_signals_from_libmilter(void);

/// Called with the error number when libmilter lacks descriptors or memory for a connection.
typedef void (*siftd_accept_hook)(int code);

/// Sets what is called, on libmilter's listener thread, up to ten times a second while the lack
/// lasts.
void siftd_on_accept_failure(siftd_accept_hook called);

/// Descriptors that connections of MTAs leave for everything else, so that nothing else meets a
/// lack: the HTTP server would be as busy with it as libmilter.
long siftd_reserved_descriptors(void);

/// accept(2) without the pause that libmilter needs; the descriptor does not block and is closed on
/// exec(2).
int siftd_accept(int descriptor);

#endif
