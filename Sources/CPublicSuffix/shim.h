// libpsl, for the registered part of domain names. Only the DomainNames module imports this.
#ifndef SIFTD_CPUBLICSUFFIX_SHIM_H
#define SIFTD_CPUBLICSUFFIX_SHIM_H

#include <libpsl.h>

#endif
