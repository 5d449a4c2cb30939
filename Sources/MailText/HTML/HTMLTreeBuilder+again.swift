/// Text that is read a second time, because its block was moved out of a hidden element.
extension HTMLTreeBuilder {
    /// Readings of a piece inside one another.
    private static let maximumReadings = 4

    /// Reads again what a block holds, because it was hidden and is not any more: the block was
    /// moved out of a hidden element that it was in when its text came.
    ///
    /// All pieces together may be as long as the document.
    mutating func readAgain(_ block: HTMLNode, in style: SharedStyle) {
        guard block.contentStart < tokenStart else { return }
        let piece = block.contentStart..<tokenStart
        guard piece.count <= bytesToReadAgain, readings < HTMLTreeBuilder.maximumReadings else {
            reportDepth()
            return
        }
        bytesToReadAgain -= piece.count
        output.cut(to: block.textBefore)
        if block.isBlock { output.pendingBreak = true }
        var text = HTMLText(Array(output.bytes[piece]), output.limits)
        text.takeOver(from: &output)
        text.addsMarks = false
        var builder = HTMLTreeBuilder(text, pieceOf: self, in: style)
        builder.run()
        bytesToReadAgain = builder.bytesToReadAgain
        remainingFormatting = builder.remainingFormatting
        treeTags = builder.treeTags
        output.takeOver(from: &builder.output)
        updateAmounts(by: builder.open)
    }

    /// Takes over how much text is in front of the open elements, after a piece was read again.
    ///
    /// - Parameter again: The elements that are open after the piece; the innermost are the same
    ///   as here.
    private mutating func updateAmounts(by again: HTMLElementStack) {
        var index = open.count - 1
        var inner = again.count - 1
        // The two outermost elements of a piece stand for what is around it.
        while index >= 0, inner >= 2, open.entries[index].element == again.entries[inner].element {
            open[open.entries[index].identity].textBefore =
                again[again.entries[inner].identity].textBefore
            index -= 1
            inner -= 1
        }
    }
}
