/// The kinds of text among the parts of a message that were read.
public struct TextKinds: OptionSet, Sendable {
    /// One bit for each kind.
    public let rawValue: UInt8

    /// The kinds of some bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Text that is neither HTML nor a calendar entry.
    public static let plain = TextKinds(rawValue: 1 << 0)
    /// HTML, whether it was declared or only looks like it.
    public static let html = TextKinds(rawValue: 1 << 1)
    /// Text of any kind that was sent in base64.
    public static let base64 = TextKinds(rawValue: 1 << 2)
    /// An invitation or another calendar entry (RFC 5545).
    public static let calendar = TextKinds(rawValue: 1 << 3)
}
