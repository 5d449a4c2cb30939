// The language of a text, found by CLD2 (Debian's libcld2). CLD2 has a C++ interface; this is what
// siftd needs of it in C.
#ifndef SIFTD_LANGUAGE_H
#define SIFTD_LANGUAGE_H

#ifdef __cplusplus
extern "C" {
#endif

// The ISO 639 code of the language that most of `length` bytes of UTF-8 are in, such as "en" or
// "zh-Hant", in static memory; NULL if CLD2 is not sure of it. Bytes behind broken UTF-8 are
// ignored. Safe to call on any thread.
const char *siftd_language(const char *text, int length);

#ifdef __cplusplus
}
#endif
#endif
