/// The text of one part with its transfer encoding and charset undone, and nothing else.
public struct SourceText: Sendable, Equatable {
    /// True when the text was read as HTML.
    public var isHTML: Bool
    /// Valid UTF-8.
    public var bytes: [UInt8]
}
