// What Swift needs of libmilter: <libmilter/mfapi.h>, which brings mfdef.h along. It uses `bool`
// without including <stdbool.h>. And epoll(7) and mallopt(3), which Swift's Glibc module lacks, for the
// relay beside libmilter and the memory of its threads. Only the Milter module imports this.
#ifndef SIFTD_CMILTER_SHIM_H
#define SIFTD_CMILTER_SHIM_H

#include <malloc.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <libmilter/mfapi.h>

#endif
