/// What the text stage keeps of an open element.
struct HTMLNode {
    /// The style around the element.
    var outer: SharedStyle
    /// The style of the text in the element.
    var inner: SharedStyle
    var declared: HTMLElementStyle
    /// True when the element begins and ends a line.
    var isBlock: Bool
    /// True when its text is shown with the letters from right to left.
    var isReversed: Bool
    /// The offset of its content in the document.
    var contentStart = 0
    /// How much text there was in front of it.
    var textBefore: HTMLText.Amount
    /// True when it was moved out of the table that is under it on the stack.
    var isMovedOut = false
}
