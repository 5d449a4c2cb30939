// Charset conversion for MailText, done by ICU's converters. No ICU type appears here: ICU's
// headers in a module map clash with the copy inside Foundation.
#ifndef SIFTD_CHARSET_H
#define SIFTD_CHARSET_H

#include <stdint.h>

// Converts `length` bytes at `source`, written in `charset` (a zero-terminated MIME or IANA name),
// to UTF-8 in a buffer that the caller frees with free(). Each sequence that is invalid in the
// charset becomes U+FFFD and is counted in `*errors`; a shift to another set of characters with
// nothing behind it becomes nothing. Returns the number of bytes at `*target`, or a negative number
// when the charset is not known or memory is short. Safe to call on any thread.
int32_t siftd_charset_to_utf8(const char *charset, const char *source, int32_t length,
                              char **target, int32_t *errors);

#endif
