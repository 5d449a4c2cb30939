// International domain names for FilterPolicy, done by ICU. No ICU type appears here: ICU's headers
// in a module map clash with the copy inside Foundation.
#ifndef SIFTD_DOMAIN_NAME_H
#define SIFTD_DOMAIN_NAME_H

#include <stdint.h>

// Writes the A-labels (RFC 5890 section 2.3.2.1) of a domain name of `length` bytes of UTF-8 to
// `target`, which has room for `capacity` bytes, by UTS #46 without transitional processing, as
// browsers do. Returns the length; negative when the name is none or does not fit.
// Safe to call on any thread.
int32_t siftd_domain_to_ascii(const char *name, int32_t length, char *target, int32_t capacity);

#endif
