/// Lists of choices, templates and frames (WHATWG HTML sections 13.2.6.4.16 to 13.2.6.4.21).
extension HTMLTreeBuilder {
    // MARK: In a select

    mutating func startInSelect(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .html: merge(tag)
        case .option:
            popCurrent(.option)
            insert(tag)
        case .optgroup, .hr:
            popCurrent(.option)
            popCurrent(.optgroup)
            if tag.element == .hr { insertVoid(tag) } else { insert(tag) }
        case .select: _ = closeSelect()
        case .input, .keygen, .textarea: return !closeSelect()
        case .script, .template: return startInHead(tag)
        default: break
        }
        return true
    }

    mutating func endInSelect(_ element: HTMLElement) {
        switch element {
        case .optgroup:
            if open.count > 1, open.entries[open.count - 2].isHTML(.optgroup) {
                popCurrent(.option)
            }
            popCurrent(.optgroup)
        case .option: popCurrent(.option)
        case .select: _ = closeSelect()
        case .template: endTemplate()
        default: break
        }
    }

    mutating func startInSelectInTable(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .caption, .table, .tbody, .tfoot, .thead, .tr, .td, .th: return !closeSelect()
        default: return startInSelect(tag)
        }
    }

    mutating func endInSelectInTable(_ element: HTMLElement) -> Bool {
        switch element {
        case .caption, .table, .tbody, .tfoot, .thead, .tr, .td, .th:
            return open.index(of: element, in: .table) == nil || !closeSelect()
        default: endInSelect(element)
        }
        return true
    }

    private mutating func popCurrent(_ element: HTMLElement) {
        if open.last?.isHTML(element) == true { pop() }
    }

    /// - Returns: True when a select was open.
    private mutating func closeSelect() -> Bool {
        guard open.isOpen(.select) else { return false }
        let index = open.entries.lastIndex { $0.isHTML(.select) } ?? open.count
        pop(to: index)
        resetMode()
        return true
    }

    // MARK: In a template

    mutating func startInTemplate(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .base, .basefont, .bgsound, .link, .meta, .noframes, .script, .style, .template,
            .title:
            return startInHead(tag)
        case .caption, .colgroup, .tbody, .tfoot, .thead: mode = .inTable
        case .col: mode = .inColumnGroup
        case .tr: mode = .inTableBody
        case .td, .th: mode = .inRow
        default: mode = .inBody
        }
        if !templateModes.isEmpty { templateModes[templateModes.count - 1] = mode }
        return false
    }

    /// Ends a template, whatever is open in it.
    mutating func endTemplate() {
        guard open.isOpen(.template),
            let index = open.entries.lastIndex(where: { $0.isHTML(.template) })
        else { return }
        pop(to: index)
        formatting.clearToMark()
        _ = templateModes.popLast()
        resetMode()
    }

    // MARK: Frames, whose documents show no text

    mutating func startInFrameset(_ tag: HTMLTag) {
        switch tag.element {
        case .frameset where mode == .inFrameset: insert(tag)
        case .noframes: insertRaw(tag)
        default: break
        }
    }

    mutating func endInFrameset(_ element: HTMLElement) {
        guard mode == .inFrameset, element == .frameset, open.last?.isHTML(.frameset) == true else {
            return
        }
        pop()
        if open.last?.isHTML(.frameset) != true { mode = .afterFrameset }
    }
}
