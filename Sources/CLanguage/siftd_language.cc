#include "siftd_language.h"

#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

int siftd_languages(const char *text, int length, siftd_language found[SIFTD_LANGUAGES]) {
    CLD2::Language languages[3];
    int percents[3], letters, valid;
    double scores[3];
    bool is_reliable;
    CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    for (int attempt = 0; attempt < 2; attempt++) {
        CLD2::ExtDetectLanguageSummaryCheckUTF8(text, length, true, &hints, 0, languages, percents,
                                                scores, nullptr, &letters, &is_reliable, &valid);
        if (valid >= length) {
            break;
        }
        length = valid;
    }
    int count = 0;
    for (int index = 0; is_reliable && index < SIFTD_LANGUAGES; index++) {
        if (languages[index] != CLD2::UNKNOWN_LANGUAGE) {
            found[count++] = {CLD2::LanguageCode(languages[index]), percents[index]};
        }
    }
    return count;
}
