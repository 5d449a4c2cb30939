/// The key that hides which words a site's labels hold: 16 random bytes, made once for a site.
///
/// Features hashed with one secret mean nothing with another, so the secret is as durable as the
/// labels, and whoever reads both can test for words.
public struct SiteSecret: Sendable, Equatable {
    /// The number of bytes.
    public static let length = 16

    let hash: SipHash

    /// The bytes, to be stored where only siftd can read them.
    public let bytes: [UInt8]

    /// A secret of these bytes; nil unless there are ``length`` of them.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == SiteSecret.length else { return nil }
        self.init(checked: bytes)
    }

    private init(checked bytes: [UInt8]) {
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.bytes = bytes
        hash = SipHash(word(bytes[..<8]), word(bytes[8...]))
    }

    /// A keyed hash of a text, such as a Message-ID.
    public func key(of text: String) -> UInt64 {
        Array(text.utf8).withUnsafeBytes { hash.hash($0, $0.indices) }
    }

    /// A secret of the system's random bytes.
    public static func random() -> SiteSecret {
        SiteSecret(checked: (0..<length).map { _ in UInt8.random(in: 0...255) })
    }
}
