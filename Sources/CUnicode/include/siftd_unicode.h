// Unicode normalisation and the order of letters for TextFeatures, done by ICU. No ICU type appears
// here: ICU's headers in a module map clash with the copy inside Foundation.
#ifndef SIFTD_UNICODE_H
#define SIFTD_UNICODE_H

#include <stdint.h>

// The three forms this target offers.
enum { SIFTD_NFC = 0, SIFTD_NFD = 1, SIFTD_NFKC = 2 };

// Normalises `length` UTF-16 units at `source` into `target`, which has room for `capacity` units.
// Returns the length of the result; more than `capacity` means that nothing useful was written and
// the call must be repeated with that much room; negative means that ICU is not usable.
// Safe to call on any thread.
int32_t siftd_normalize(int32_t form, const uint16_t *source, int32_t length, uint16_t *target,
                        int32_t capacity);

// True when text in front of a code point never changes how it and what follows is normalised, so
// that both can be normalised apart. Safe to call on any thread.
_Bool siftd_has_boundary_before(int32_t form, uint32_t scalar);

// Puts the characters of each line of `length` UTF-16 units at `source` in the order in which they
// are shown from left to right (UAX #9), without the characters that control it, and words of
// scripts that are written from right to left in the order in which they are read. Lines that are
// mostly in such a script stay as they are. `target` has room for `length` units; `turned` receives
// the number of lines in which something was moved. Returns the units written.
// Safe to call on any thread.
int32_t siftd_shown_order(const uint16_t *source, int32_t length, uint16_t *target,
                          int32_t *turned);

#endif
