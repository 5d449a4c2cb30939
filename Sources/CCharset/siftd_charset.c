#include "siftd_charset.h"

#include <stdlib.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ustring.h>

// Called by ICU for what it can't convert. ICU's own substitution writes U+001A for single bytes in
// charsets of IBM, and U+FFFD between two escape sequences of ISO-2022 or HZ, which is what each
// encoded word begins and ends with.
static void substitute(const void *context, UConverterToUnicodeArgs *args, const char *bytes,
                       int32_t length, UConverterCallbackReason reason, UErrorCode *error) {
    (void)bytes;
    (void)length;
    if (reason > UCNV_IRREGULAR) {
        return;  // The converter is reset, cloned or closed.
    }
    *error = U_ZERO_ERROR;
    if (reason == UCNV_IRREGULAR) {
        return;  // An empty segment.
    }
    // The context is the count, see below; ICU only passes it on.
    *(int32_t *)(uintptr_t)context += 1;
    const UChar replacement = 0xFFFD;
    ucnv_cbToUWriteUChars(args, &replacement, 1, 0, error);
}

int32_t siftd_charset_to_utf8(const char *charset, const char *source, int32_t length,
                              char **target, int32_t *errors) {
    UErrorCode error = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(charset, &error);
    if (U_FAILURE(error)) {
        return -1;
    }
    *errors = 0;
    ucnv_setToUCallBack(converter, substitute, errors, NULL, NULL, &error);
    // No converter of ICU makes more than two UTF-16 units of a byte.
    int32_t capacity = length * 2 + 16;
    UChar *units = malloc((size_t)capacity * sizeof(UChar));
    int32_t result = -1;
    if (units != NULL) {
        int32_t count = ucnv_toUChars(converter, units, capacity, source, length, &error);
        char *bytes = U_SUCCESS(error) ? malloc((size_t)count * 3 + 1) : NULL;
        if (bytes != NULL) {
            int32_t written = 0;
            int32_t surrogates = 0;
            u_strToUTF8WithSub(bytes, count * 3 + 1, &written, units, count, 0xFFFD, &surrogates,
                               &error);
            if (U_SUCCESS(error)) {
                *target = bytes;
                *errors += surrogates;
                result = written;
            } else {
                free(bytes);
            }
        }
        free(units);
    }
    ucnv_close(converter);
    return result;
}
