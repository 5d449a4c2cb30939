import Glibc

/// A range of IP addresses in CIDR form, such as `192.0.2.0/24` or `2001:db8::/32`.
public struct NetworkRange: Sendable, Equatable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    private let address: [UInt8]
    private let bits: Int

    /// Nil when the text is no address or range.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let bytes = NetworkRange.bytes(String(parts[0])) else {
            return nil
        }
        description = text
        address = bytes
        if parts.count == 2 {
            guard let bits = Int(parts[1]), (0...(bytes.count * 8)).contains(bits) else {
                return nil
            }
            self.bits = bits
        } else {
            bits = bytes.count * 8
        }
    }

    /// True for an address in text form that lies in the range.
    public func contains(_ text: String) -> Bool {
        guard let other = NetworkRange.bytes(text), other.count == address.count else {
            return false
        }
        for index in 0..<((bits + 7) / 8) {
            let kept = min(8, bits - index * 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> kept)
            if (other[index] ^ address[index]) & mask != 0 { return false }
        }
        return true
    }

    /// Four or sixteen bytes; IPv4 inside IPv6 is taken as IPv4.
    private static func bytes(_ text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        return sixteen.starts(with: mapped) ? Array(sixteen[12...]) : sixteen
    }
}
