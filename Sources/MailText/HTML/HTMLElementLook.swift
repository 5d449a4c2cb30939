/// How an element looks in the one around it; shared by all that look alike there.
final class HTMLElementLook {
    /// The style around the element.
    let outer: SharedStyle
    let declared: HTMLElementStyle
    /// The style of the text in the element.
    let inner: SharedStyle
    /// True when the element begins and ends a line.
    let isBlock: Bool
    /// True for cells of tables and what is laid out like them: side by side.
    let isCell: Bool
    /// True when its text can't be seen and would not be of one word with the text around it.
    let endsHiddenWord: Bool
    /// True when its text is shown with the letters from right to left.
    let isReversed: Bool

    init(_ declared: HTMLElementStyle, in outer: SharedStyle, _ inner: SharedStyle) {
        self.outer = outer
        self.declared = declared
        self.inner = inner
        isBlock = declared.isBlock(inner)
        isCell = declared.isCell(inner)
        endsHiddenWord = inner.hidesText && declared.breaksWords
        isReversed =
            inner.isRightToLeft && !inner.hidesText
            && (declared.element == .bdo || inner.isOverridden) && !declared.element.isVoid
    }

    /// An element that stands for what is around a piece of a document.
    init(_ declared: HTMLElementStyle, around style: SharedStyle) {
        self.declared = declared
        outer = style
        inner = style
        isBlock = false
        isCell = false
        endsHiddenWord = false
        isReversed = false
    }

    /// The look without the shift of the first line.
    var withoutLineShift: HTMLElementLook {
        HTMLElementLook(declared, in: outer, inner.withoutLineShift)
    }

    /// An element without a look.
    static var blank: HTMLElementLook {
        HTMLElementLook(HTMLElementStyle(.other), around: SharedStyle())
    }
}
