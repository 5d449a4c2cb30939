/// SHA-256 of a message in its canonical form, by which the store knows the message again.
///
/// The caller computes it: the store holds no opinion about which fields belong to a message.
public struct MessageDigest: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// Bytes of a SHA-256 digest.
    private static let count = 32

    /// The digest of nothing.
    public static let zero = MessageDigest(checked: [UInt8](repeating: 0, count: count))

    private init(checked bytes: [UInt8]) { self.bytes = bytes }

    /// A digest of these bytes; nil unless there are 32.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == MessageDigest.count else { return nil }
        self.bytes = bytes
    }

    /// A digest from 64 hexadecimal digits of either case; nil for anything else.
    public init?(hex: some StringProtocol) {
        let digits = Array(hex.utf8)
        guard digits.count == 2 * MessageDigest.count else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = MessageDigest.value(digits[index]),
                let low = MessageDigest.value(digits[index + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    /// 64 hexadecimal digits in lower case.
    public var description: String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
