// libarchive, for corpora and models in archives. Only the Archives module imports this.
#ifndef SIFTD_CARCHIVE_SHIM_H
#define SIFTD_CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>

#endif
