/// Upper bounds on the work one message can cause.
///
/// Beyond a limit the message is still read as far as the limit allows, and a ``Defect`` names the
/// limit.
public struct MailLimits: Sendable, Equatable {
    /// Bytes of body that are read, before decoding.
    public var bodyBytes = 1_024 * 1_024
    /// Header fields of each entity that are kept.
    public var headerFields = 1_000
    /// Bytes of one header field's value that are kept.
    public var headerBytes = 64 * 1_024
    /// MIME entities that are read, over the whole message.
    public var parts = 1_000
    /// Levels of MIME nesting that are read; a deeper entity is an opaque leaf.
    public var depth = 32
    /// Decoded bytes of text parts, over the whole message.
    public var decodedBytes = 4 * 1_024 * 1_024
    /// Bytes of visible UTF-8 text that are kept, over the whole message.
    public var textBytes = 1_024 * 1_024
    /// Links, images and other marks that are kept, over the whole message.
    public var links = 2_000
    /// Tags of HTML that are read into a tree, over the whole message.
    ///
    /// One whose attributes and style are like no other tag's counts as eight. The text behind them
    /// counts as visible.
    public var tags = 15_000
    /// Tokens into which later steps split a message; a model reads far fewer.
    public var tokens = 20_000
    /// CPU seconds that reading may take; a normal message takes a thousandth of that.
    public var seconds = 2.0

    /// The defaults.
    public init() {}
}
