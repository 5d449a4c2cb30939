/// The rest of a document with more tags than ``MailLimits/tags``.
///
/// A tag costs as much as a hundred letters, and honest documents have fewer. Without a tree nobody
/// can say what a style hides, so all text of the rest counts as visible: spam can't hide behind a
/// flood of tags.
extension HTMLTreeBuilder {
    /// Ends all open elements, and their styles with them.
    mutating func endTree() {
        isBehindTree = true
        isRestForeign = open.entries.contains { $0.space != .html }
        output.defects.insert(.limitTags)
        pop(to: 0)
        rawElement = nil
        if !isCollecting { output.style = SharedStyle() }
    }

    /// Reads a piece of the document behind its tree.
    mutating func readBehindTree(_ token: HTMLTokenizer.Token) {
        // Style sheets behind the tree count for nothing.
        guard !isCollecting else { return }
        switch token {
        case .text(let range): output.text(range, hasReferences: true)
        case .rawText(let range):
            switch rawElement {
            case .textarea: output.text(range, hasReferences: true)
            case nil, .xmp, .plaintext: output.text(range, hasReferences: false)
            default: break
            }
        case .startTag(let tag): startBehindTree(tag)
        case .endTag(let element, _):
            rawElement = nil
            if element == .a { output.closeLink() }
            separate(element)
        }
    }

    private mutating func startBehindTree(_ tag: HTMLTag) {
        tagCounts.count(tag.element)
        rawElement = nil
        separate(tag.element)
        output.mark(tag, outer: output.style, inner: output.style)
        switch tag.element {
        case .svg, .math: isRestForeign = true
        case .plaintext where !isRestForeign:
            rawElement = .plaintext
            tokenizer.readRestAsText()
        case _ where tag.element.hasRawContent:
            // In a drawing the content of these is markup, and the drawing may have ended.
            if isRestForeign { tokenizer.readContentAsMarkup() } else { rawElement = tag.element }
        default: break
        }
    }

    /// Separates the text before a tag from that behind it as the element usually does.
    private mutating func separate(_ element: HTMLElement) {
        if element.isCell {
            output.pendingSpace = true
        } else if element.isBlock {
            output.pendingBreak = true
        }
    }
}
