/// Upper bounds on the work one message can cause. Beyond a limit the message is still read as far
/// as the limit allows, and a ``Defect`` names the limit.
public struct MailLimits: Sendable, Equatable {
    /// Bytes of body read, as they were sent.
    public var bodyBytes = 1_024 * 1_024
    /// Header fields kept of each entity.
    public var headerFields = 1_000
    /// Bytes kept of one header field's value.
    public var headerBytes = 64 * 1_024
    /// MIME entities read, over the whole message.
    public var parts = 1_000
    /// Levels of MIME nesting followed; a deeper entity is taken as an opaque leaf.
    public var depth = 32
    /// Bytes of text parts decoded, over the whole message.
    public var decodedBytes = 4 * 1_024 * 1_024
    /// Bytes of visible UTF-8 text kept, over the whole message.
    public var textBytes = 1_024 * 1_024
    /// Links, images and other marks kept, over the whole message.
    public var links = 2_000
    /// Tokens made of a message by whoever reads the content; a model takes far fewer.
    public var tokens = 20_000
    /// CPU seconds spent reading; what a sound message needs in a thousandth of that.
    public var seconds = 2.0

    public init() {}
}
