/// Limits on the lengths of the header fields that siftd adds, in bytes unless noted otherwise.
///
/// RFC 5322 section 2.1.1 allows 998 bytes a line and asks for 78 where possible. The Milter module
/// truncates values at `MilterActions.longestHeaderValue` (900), wherever that is; these limits are
/// well below it.
enum HeaderLimits {
    /// The value of a template; leaves room for what its placeholders stand for.
    static let templateValue = 500
    /// The name of a field; leaves room for the colon and a first word in a line of 78.
    static let name = 70
    /// The value of `X-Spam-Reason`; a reason that would exceed it is left out as a whole.
    static let reasons = 800
    /// Characters shown of one reason's text.
    static let reasonText = 40
    /// Bytes of text in one encoded word: with the field's name before and a share behind it, its
    /// line keeps to the 76 characters of RFC 2047 section 2.
    static let encodedWordText = 30
    /// Lines up to this length are not folded; the default fields are shorter, because users' rules
    /// search single lines.
    static let wholeLine = 250
    /// Length of the pieces that a longer line is folded into, unless a word is longer.
    static let foldedLine = 75
    /// Recipients named in `X-Spam-Original-To`; the others are counted.
    static let originalRecipients = 20
}
