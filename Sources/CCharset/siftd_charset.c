#include "siftd_charset.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ustring.h>

// What ICU's tables have otherwise than the indexes of the WHATWG.
static const struct {
    const char *charset;
    UChar icu;
    UChar standard;
} amendments[] = {
    {"gb18030", 0xE5E5, 0x3000},
    {"koi8-u", 0x255D, 0x045E},
    {"koi8-u", 0x256C, 0x040E},
};

static void amend(const char *charset, UChar *units, int32_t count) {
    for (size_t row = 0; row < sizeof amendments / sizeof *amendments; row++) {
        if (strcmp(charset, amendments[row].charset) != 0) {
            continue;
        }
        for (int32_t index = 0; index < count; index++) {
            if (units[index] == amendments[row].icu) {
                units[index] = amendments[row].standard;
            }
        }
    }
}

struct conversion {
    int32_t errors;
    // In GBK the byte 80 is the euro sign.
    bool has_euro;
};

// Called by ICU for what it can't convert. ICU's own substitution writes U+001A for single bytes in
// charsets of IBM, and U+FFFD between two escape sequences of ISO-2022 or HZ, which is what each
// encoded word begins and ends with.
static void substitute(const void *context, UConverterToUnicodeArgs *args, const char *bytes,
                       int32_t length, UConverterCallbackReason reason, UErrorCode *error) {
    if (reason > UCNV_IRREGULAR) {
        return;  // The converter is reset, cloned or closed.
    }
    *error = U_ZERO_ERROR;
    if (reason == UCNV_IRREGULAR) {
        return;  // An empty segment.
    }
    // ICU only passes the context on; it is the caller's own and not constant.
    struct conversion *conversion = (struct conversion *)(uintptr_t)context;
    UChar replacement = 0xFFFD;
    if (conversion->has_euro && length == 1 && (uint8_t)bytes[0] == 0x80) {
        replacement = 0x20AC;
    } else {
        conversion->errors++;
    }
    ucnv_cbToUWriteUChars(args, &replacement, 1, 0, error);
}

int32_t siftd_charset_to_utf8(const char *charset, const char *source, int32_t length,
                              char **target, int32_t *errors) {
    UErrorCode error = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(charset, &error);
    if (U_FAILURE(error)) {
        return -1;
    }
    struct conversion conversion = {0, strcmp(charset, "gb18030") == 0};
    ucnv_setToUCallBack(converter, substitute, &conversion, NULL, NULL, &error);
    // No converter of ICU makes more than two UTF-16 units of a byte.
    int32_t capacity = length * 2 + 16;
    UChar *units = malloc((size_t)capacity * sizeof(UChar));
    int32_t result = -1;
    if (units != NULL) {
        int32_t count = ucnv_toUChars(converter, units, capacity, source, length, &error);
        if (U_SUCCESS(error)) {
            amend(charset, units, count);
        }
        char *bytes = U_SUCCESS(error) ? malloc((size_t)count * 3 + 1) : NULL;
        if (bytes != NULL) {
            int32_t written = 0;
            int32_t surrogates = 0;
            u_strToUTF8WithSub(bytes, count * 3 + 1, &written, units, count, 0xFFFD, &surrogates,
                               &error);
            if (U_SUCCESS(error)) {
                *target = bytes;
                *errors = conversion.errors + surrogates;
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
