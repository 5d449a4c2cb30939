// The languages of a text, found by CLD2 (Debian's libcld2). CLD2 has a C++ interface; this is what
// siftd needs of it in C.
#ifndef SIFTD_LANGUAGE_H
#define SIFTD_LANGUAGE_H

#ifdef __cplusplus
extern "C" {
#endif

// The number of languages that CLD2 tells at most.
enum { SIFTD_LANGUAGES = 3 };

// One language of a text.
typedef struct {
    // An ISO 639 code such as "en" or "zh-Hant", in static memory.
    const char *code;
    // Its share of the text in per cent.
    int percent;
} siftd_language;

// Finds the languages of `length` bytes of UTF-8, the largest first. Returns how many there are; 0
// if CLD2 is not sure of them. Bytes behind broken UTF-8 are ignored. Safe to call on any thread.
int siftd_languages(const char *text, int length, siftd_language languages[SIFTD_LANGUAGES]);

#ifdef __cplusplus
}
#endif
#endif
