/// What the text stage keeps of an open element.
struct HTMLNode {
    var look: HTMLElementLook
    /// True when its text is shown with the letters from right to left.
    let isReversed: Bool
    /// True when it was moved out of the table that is under it on the stack.
    var isMovedOut: Bool
    /// The offset of its content in the document.
    let contentStart: Int
    /// How much text there was in front of it.
    var textBefore: HTMLText.Amount

    @inline(__always)
    init(
        _ look: HTMLElementLook, _ textBefore: HTMLText.Amount, _ isMovedOut: Bool,
        _ contentStart: Int
    ) {
        self.look = look
        isReversed = look.isReversed
        self.textBefore = textBefore
        self.isMovedOut = isMovedOut
        self.contentStart = contentStart
    }

    /// The style around the element.
    var outer: SharedStyle { look.outer }
    /// The style of the text in the element.
    var inner: SharedStyle { look.inner }
    var declared: HTMLElementStyle { look.declared }
    /// True when the element begins and ends a line.
    var isBlock: Bool { look.isBlock }
}
