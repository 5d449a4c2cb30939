import Glibc

/// A range of IP addresses in CIDR form, such as `192.0.2.0/24` or `2001:db8::/32`.
public struct NetworkRange: Sendable, Equatable, CustomStringConvertible {
    /// The text it was read from.
    public let description: String
    /// Four or sixteen bytes.
    private let address: [UInt8]
    /// Length of the prefix that all addresses of the range share.
    private let prefixLength: Int

    /// Reads an address, or an address and a prefix length; nil for other texts.
    ///
    /// - Parameter text: such as `192.0.2.1`, `192.0.2.0/24` or `2001:db8::/32`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let bytes = NetworkRange.bytes(String(parts[0])) else {
            return nil
        }
        description = text
        address = bytes
        if parts.count == 2 {
            // The prefix of a mapped address counts the 96 bits in front of the four bytes.
            let mapped = parts[0].contains(":") && bytes.count == 4 ? 96 : 0
            guard let length = Int(parts[1]).map({ $0 - mapped }),
                (0...(bytes.count * 8)).contains(length)
            else { return nil }
            prefixLength = length
        } else {
            prefixLength = bytes.count * 8
        }
    }

    /// Whether an address in text form lies in the range; false for a text that is not an address.
    public func contains(_ text: String) -> Bool {
        guard let other = NetworkRange.bytes(text), other.count == address.count else {
            return false
        }
        for index in 0..<((prefixLength + 7) / 8) {
            let compared = min(8, prefixLength - index * 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> compared)
            if (other[index] ^ address[index]) & mask != 0 { return false }
        }
        return true
    }

    /// Four or sixteen bytes; an IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2) gives
    /// four.
    private static func bytes(_ text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        return sixteen.starts(with: mapped) ? Array(sixteen[12...]) : sixteen
    }
}
