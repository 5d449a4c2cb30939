#include "siftd_unicode.h"

#include <unicode/unorm2.h>

static const UNormalizer2 *normalizer_for(int32_t form, UErrorCode *error) {
    return form == SIFTD_NFC   ? unorm2_getNFCInstance(error)
           : form == SIFTD_NFD ? unorm2_getNFDInstance(error)
                               : unorm2_getNFKCInstance(error);
}

_Bool siftd_has_boundary_before(int32_t form, uint32_t scalar) {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = normalizer_for(form, &error);
    return U_SUCCESS(error) && unorm2_hasBoundaryBefore(normalizer, (UChar32)scalar);
}

int32_t siftd_normalize(int32_t form, const uint16_t *source, int32_t length, uint16_t *target,
                        int32_t capacity) {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = normalizer_for(form, &error);
    if (U_FAILURE(error)) {
        return -1;
    }
    int32_t written =
        unorm2_normalize(normalizer, (const UChar *)source, length, (UChar *)target, capacity, &error);
    if (error == U_BUFFER_OVERFLOW_ERROR || U_SUCCESS(error)) {
        return written;
    }
    return -1;
}
