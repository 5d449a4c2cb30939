/// What is in front of the body: root and head (WHATWG HTML sections 13.2.6.4.1 to 13.2.6.4.6).
extension HTMLTreeBuilder {
    /// Goes on to the next mode before something that can't be in front of the body, with the
    /// elements that are implied.
    ///
    /// - Returns: False, because the token is to be read again.
    mutating func leaveFront() -> Bool {
        switch mode {
        case .initial:
            insertImplied(.html)
            mode = .beforeHead
        case .beforeHead:
            insertImplied(.head)
            mode = .inHead
        case .inHead:
            pop()
            mode = .afterHead
        case .inHeadNoscript:
            pop()
            mode = .inHead
        default:
            insertImplied(.body)
            mode = .inBody
        }
        return false
    }

    mutating func startBeforeHead(_ tag: HTMLTag) -> Bool {
        if mode == .initial {
            guard tag.element == .html else { return leaveFront() }
            insert(tag)
            mode = .beforeHead
            return true
        }
        switch tag.element {
        case .html: merge(tag)
        case .head:
            insert(tag)
            mode = .inHead
        default: return leaveFront()
        }
        return true
    }

    /// Reads a start tag that belongs in the head; false for others.
    mutating func startInHead(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .html: merge(tag)
        case .base, .basefont, .bgsound, .link, .meta: insertVoid(tag)
        case .title, .noframes, .style, .script: insertRaw(tag)
        case .noscript where mode == .inHead:
            insert(tag)
            mode = .inHeadNoscript
        case .template:
            insert(tag)
            formatting.mark()
            allowsFrames = false
            mode = .inTemplate
            templateModes.append(.inTemplate)
        case .head: break
        default: return false
        }
        return true
    }

    mutating func startInHeadNoscript(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .html, .basefont, .bgsound, .link, .meta, .noframes, .style, .head:
            return startInHead(tag)
        case .noscript: return true
        default: return leaveFront()
        }
    }

    mutating func startAfterHead(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .body:
            insert(tag)
            allowsFrames = false
            mode = .inBody
        case .frameset:
            insert(tag)
            mode = .inFrameset
        default: return startInHead(tag) || leaveFront()
        }
        return true
    }

    /// Reads an end tag in front of the body; false when it is to be read again.
    mutating func endInFront(_ element: HTMLElement) -> Bool {
        switch element {
        case .template where mode == .inHead || mode == .afterHead: endTemplate()
        case .head where mode == .inHead: return !leaveFront()
        case .noscript where mode == .inHeadNoscript: return !leaveFront()
        case .br: return leaveFront()
        case .body, .html: return mode == .inHeadNoscript || leaveFront()
        case .head where mode == .initial || mode == .beforeHead: return leaveFront()
        default: break
        }
        return true
    }

    /// Adds the attributes of a second `html` or `body` to the first, as far as they change its
    /// style.
    mutating func merge(_ tag: HTMLTag) {
        let index = tag.element == .html ? 0 : 1
        guard !open.isOpen(.template), open.count > index, !isCollecting,
            open.entries[index].isHTML(tag.element), mergedTags < HTMLTreeBuilder.maximumMergedTags
        else { return }
        let declared = output.declared(by: tag, in: open[open.entries[index].identity].outer)
        guard !declared.isEmpty else { return }
        mergedTags += 1
        merge(declared, at: index)
        for position in index..<open.count { _ = updateStyle(at: position) }
    }

    /// A bound on the work that repeated tags of `html` and `body` can cause.
    private static let maximumMergedTags = 16
}
