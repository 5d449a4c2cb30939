#include "siftd_charset.h"

#include <stdlib.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

int32_t siftd_charset_to_utf8(const char *charset, const char *source, int32_t length,
                              char **target) {
    UErrorCode error = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(charset, &error);
    if (U_FAILURE(error)) {
        return -1;
    }
    // No converter of ICU makes more than two UTF-16 units of a byte.
    int32_t capacity = length * 2 + 16;
    UChar *units = malloc((size_t)capacity * sizeof(UChar));
    int32_t result = -1;
    if (units != NULL) {
        int32_t count = ucnv_toUChars(converter, units, capacity, source, length, &error);
        char *bytes = U_SUCCESS(error) ? malloc((size_t)count * 3 + 1) : NULL;
        if (bytes != NULL) {
            int32_t written = 0;
            u_strToUTF8WithSub(bytes, count * 3 + 1, &written, units, count, 0xFFFD, NULL, &error);
            if (U_SUCCESS(error)) {
                *target = bytes;
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
