import CCrypto

/// Ed25519 signatures (RFC 8032) by libcrypto: who made the bytes, proved without a shared secret.
public enum Ed25519 {
    /// Bytes of a public key.
    public static let publicKeyBytes = 32
    /// Bytes of a signature.
    public static let signatureBytes = 64

    /// Whether a signature is that of a message by the private key of a public one.
    ///
    /// - Parameters:
    ///   - signature: 64 bytes; any other number is no signature.
    ///   - message: the signed bytes.
    ///   - publicKey: 32 bytes; any other number is no key.
    /// - Returns: false for everything that is not proved.
    public static func isValid(
        _ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]
    ) -> Bool {
        guard signature.count == signatureBytes, publicKey.count == publicKeyBytes,
            let key = EVP_PKEY_new_raw_public_key(
                EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
        else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}

/// A private key that signs; the format of its file is PKCS #8 in PEM, as `openssl genpkey` writes.
public struct Ed25519PrivateKey: Sendable {
    private let seed: [UInt8]

    private static let seedBytes = 32

    /// A new key of random bytes; nil when the system has none.
    public init?() {
        var seed = [UInt8](repeating: 0, count: Ed25519PrivateKey.seedBytes)
        guard RAND_priv_bytes(&seed, Int32(seed.count)) == 1 else { return nil }
        self.seed = seed
    }

    /// Reads a key; nil for a text that holds none, or one with a passphrase.
    public init?(pem: String) {
        // The BIO reads the bytes where they are, so they must outlive it.
        let read = Array(pem.utf8).withUnsafeBytes { text -> OpaquePointer? in
            guard let bio = BIO_new_mem_buf(text.baseAddress, Int32(text.count)) else {
                return nil
            }
            defer { BIO_free(bio) }
            return siftd_read_private_key(bio)
        }
        guard let key = read else { return nil }
        defer { EVP_PKEY_free(key) }
        guard EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else { return nil }
        var seed = [UInt8](repeating: 0, count: Ed25519PrivateKey.seedBytes)
        var length = seed.count
        guard EVP_PKEY_get_raw_private_key(key, &seed, &length) == 1, length == seed.count else {
            return nil
        }
        self.seed = seed
    }

    /// The text of the key's file; nil when libcrypto can't write it.
    public var pem: String? {
        withKey { key in
            guard let bio = BIO_new(BIO_s_mem()) else { return nil }
            defer { BIO_free(bio) }
            guard PEM_write_bio_PKCS8PrivateKey(bio, key, nil, nil, 0, nil, nil) == 1 else {
                return nil
            }
            var bytes: UnsafeMutablePointer<CChar>?
            let count = siftd_bio_bytes(bio, &bytes)
            // The bytes belong to the BIO and are copied before it is freed.
            return bytes.map {
                String(
                    decoding: UnsafeRawBufferPointer(start: $0, count: Int(count)), as: UTF8.self)
            }
        }
    }

    /// The 32 bytes by which others check its signatures; nil when libcrypto fails.
    public var publicKey: [UInt8]? {
        withKey { key in
            var bytes = [UInt8](repeating: 0, count: Ed25519.publicKeyBytes)
            var length = bytes.count
            return EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1 ? bytes : nil
        }
    }

    /// Signs a message; nil when libcrypto fails.
    public func signature(of message: [UInt8]) -> [UInt8]? {
        withKey { key in
            guard let context = EVP_MD_CTX_new() else { return nil }
            defer { EVP_MD_CTX_free(context) }
            var signature = [UInt8](repeating: 0, count: Ed25519.signatureBytes)
            var length = signature.count
            guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
                EVP_DigestSign(context, &signature, &length, message, message.count) == 1,
                length == signature.count
            else { return nil }
            return signature
        }
    }

    private func withKey<Value>(_ body: (OpaquePointer) -> Value?) -> Value? {
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        else { return nil }
        defer { EVP_PKEY_free(key) }
        return body(key)
    }
}
