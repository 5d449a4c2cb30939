// The one function of OpenSSL's libcrypto that siftd uses: the digests of model files and corpora.
#ifndef SIFTD_CCRYPTO_SHIM_H
#define SIFTD_CCRYPTO_SHIM_H

#include <openssl/sha.h>

#endif
