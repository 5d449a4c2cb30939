// What Swift needs of libmilter: <libmilter/mfapi.h>, which brings mfdef.h along. It uses `bool`
// without including <stdbool.h>. Only the Milter module imports this.
#ifndef SIFTD_CMILTER_SHIM_H
#define SIFTD_CMILTER_SHIM_H

#include <stdbool.h>
#include <libmilter/mfapi.h>

#endif
