#include "siftd_unicode.h"

#include <string.h>
#include <unicode/ubidi.h>
#include <unicode/uchar.h>
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

static _Bool is_from_right(UChar32 scalar) {
    UCharDirection direction = u_charDirection(scalar);
    return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
}

// Letters that are written from left to right, less four times those from right to left.
static int32_t majority_from_left(const UChar *line, int32_t length) {
    int32_t majority = 0;
    for (int32_t index = 0; index < length;) {
        UChar32 scalar;
        U16_NEXT(line, index, length, scalar);
        if (is_from_right(scalar)) {
            majority -= 4;
        } else if (u_charDirection(scalar) == U_LEFT_TO_RIGHT) {
            majority += 1;
        }
    }
    return majority;
}

// Turns runs of letters that are written from right to left, and what is between them, so that the
// first letter comes first.
static void turn_runs(UChar *line, int32_t length) {
    int32_t start = -1, end = -1;
    for (int32_t index = 0; index <= length; index++) {
        UCharDirection direction = index < length ? u_charDirection(line[index]) : U_LEFT_TO_RIGHT;
        if (index < length && is_from_right(line[index])) {
            start = start < 0 ? index : start;
            end = index;
        } else if (direction == U_LEFT_TO_RIGHT && start >= 0) {
            for (; start < end; start++, end--) {
                UChar unit = line[start];
                line[start] = line[end];
                line[end] = unit;
            }
            start = -1;
        }
    }
}

int32_t siftd_shown_order(const uint16_t *source, int32_t length, uint16_t *target,
                          int32_t *turned) {
    *turned = 0;
    UBiDi *bidi = ubidi_open();
    int32_t written = 0;
    for (int32_t start = 0; start < length;) {
        int32_t end = start;
        while (end < length && source[end] != '\n') {
            end++;
        }
        const UChar *line = (const UChar *)source + start;
        int32_t count = end - start;
        UErrorCode error = U_ZERO_ERROR;
        int32_t shown = 0;
        if (bidi != NULL && majority_from_left(line, count) > 0) {
            ubidi_setPara(bidi, line, count, UBIDI_DEFAULT_LTR, NULL, &error);
            shown = ubidi_writeReordered(bidi, (UChar *)target + written, count,
                                         UBIDI_REMOVE_BIDI_CONTROLS | UBIDI_KEEP_BASE_COMBINING,
                                         &error);
        }
        if (shown > 0 && shown <= count && U_SUCCESS(error)) {
            turn_runs((UChar *)target + written, shown);
            // Was anything moved? Controls are gone from one side only.
            int32_t same = 0;
            for (int32_t index = 0; index < count && same < shown; index++) {
                same += line[index] == target[written + same];
            }
            *turned += same < shown;
        } else {
            memcpy(target + written, line, (size_t)count * sizeof(uint16_t));
            shown = count;
        }
        written += shown;
        if (end < length) {
            target[written++] = '\n';
            end++;
        }
        start = end;
    }
    if (bidi != NULL) {
        ubidi_close(bidi);
    }
    return written;
}
