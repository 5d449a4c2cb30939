// zlib, for messages that spamc compresses. Only the SpamdServer module imports this.
#ifndef SIFTD_CZLIB_SHIM_H
#define SIFTD_CZLIB_SHIM_H

#include <zlib.h>

// zlib has macros for these, which Swift does not see.
static inline int siftd_inflate_init(z_stream *stream) { return inflateInit(stream); }

#endif
