#include "siftd_domain_name.h"

#include <pthread.h>
#include <stddef.h>
#include <unicode/uidna.h>

// Kept for the life of the process; an instance never changes, so all threads share it.
static UIDNA *names;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_names(void) {
    UErrorCode error = U_ZERO_ERROR;
    names = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI, &error);
    if (U_FAILURE(error)) {
        names = NULL;
    }
}

int32_t siftd_domain_to_ascii(const char *name, int32_t length, char *target, int32_t capacity) {
    pthread_once(&once, open_names);
    if (names == NULL) {
        return -1;
    }
    UErrorCode error = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    int32_t written =
        uidna_nameToASCII_UTF8(names, name, length, target, capacity, &info, &error);
    if (U_FAILURE(error) || info.errors != 0 || written > capacity) {
        return -1;
    }
    return written;
}
