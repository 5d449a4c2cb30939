import CCrypto

/// SHA-256 of model files and data sets.
public enum Digest {
    /// The digest in lower-case hexadecimal.
    public static func sha256(_ bytes: some ContiguousBytesLike) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        // The pointers live for the call only.
        bytes.withContiguousBytes { buffer in
            _ = SHA256(buffer.bindMemory(to: UInt8.self).baseAddress, buffer.count, &digest)
        }
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// Memory that can be looked at as bytes without a copy.
public protocol ContiguousBytesLike {
    func withContiguousBytes(_ body: (UnsafeRawBufferPointer) -> Void)
}

extension [UInt8]: ContiguousBytesLike {
    public func withContiguousBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        withUnsafeBytes(body)
    }
}
