// What siftd uses of OpenSSL's libcrypto: digests of model files and corpora, and the signatures of
// models that several hosts share.
#ifndef SIFTD_CCRYPTO_SHIM_H
#define SIFTD_CCRYPTO_SHIM_H

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

// Macros and callbacks that Swift does not see.
static inline long siftd_bio_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

static int siftd_no_passphrase(char *buffer, int size, int writing, void *context) {
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

// A private key without a passphrase; libcrypto would otherwise ask for one on the terminal.
static inline EVP_PKEY *siftd_read_private_key(BIO *bio) {
    return PEM_read_bio_PrivateKey(bio, 0, siftd_no_passphrase, 0);
}

#endif
