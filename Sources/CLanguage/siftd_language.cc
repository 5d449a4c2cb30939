#include "siftd_language.h"

#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

const char *siftd_language(const char *text, int length) {
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
    if (!is_reliable || languages[0] == CLD2::UNKNOWN_LANGUAGE || percents[0] <= 50) {
        return nullptr;
    }
    return CLD2::LanguageCode(languages[0]);
}
