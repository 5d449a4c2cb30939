import ASCIIText

/// Tables and their parts (WHATWG HTML sections 13.2.6.4.9 to 13.2.6.4.15).
extension HTMLTreeBuilder {
    // MARK: In a table

    mutating func textInTable(_ range: Range<Int>, isBlank: Bool) {
        if isBlank, let top = open.last, top.space == .html, top.element.isTablePart {
            output.pendingSpace = true
            return
        }
        moveOut { $0.textInBody(range, isBlank: isBlank) }
    }

    /// Reads what is in no cell: it is moved in front of the table.
    private mutating func moveOut(_ read: (inout HTMLTreeBuilder) -> Void) {
        isMovingOut = true
        read(&self)
        isMovingOut = false
    }

    mutating func startInTable(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .caption:
            clearToTable()
            insert(tag)
            formatting.mark()
            mode = .inCaption
        case .colgroup:
            clearToTable()
            insert(tag)
            mode = .inColumnGroup
        case .col:
            clearToTable()
            insertImplied(.colgroup)
            mode = .inColumnGroup
            return false
        case .tbody, .tfoot, .thead:
            clearToTable()
            insert(tag)
            mode = .inTableBody
        case .td, .th, .tr:
            clearToTable()
            insertImplied(.tbody)
            mode = .inTableBody
            return false
        case .table:
            guard let index = open.index(of: .table, in: .table) else { return true }
            pop(to: index)
            resetMode()
            return false
        case .style, .script, .template: return startInHead(tag)
        case .input where isHiddenField(tag): insertVoid(tag)
        case .form:
            guard form == nil, !open.isOpen(.template) else { return true }
            insert(tag)
            form = open.last?.identity
            pop()
        default: moveOut { $0.startInBody(tag) }
        }
        return true
    }

    private func isHiddenField(_ tag: HTMLTag) -> Bool {
        tag.type.map { output.bytes[$0].equalsIgnoringCase("hidden") } ?? false
    }

    mutating func endInTable(_ element: HTMLElement, _ nameHash: UInt64) -> Bool {
        switch element {
        case .table:
            if let index = open.index(of: .table, in: .table) {
                pop(to: index)
                resetMode()
            }
        case .body, .caption, .col, .colgroup, .html, .tbody, .td, .tfoot, .th, .thead, .tr: break
        case .template: endTemplate()
        default: moveOut { _ = $0.endInBody(element, nameHash) }
        }
        return true
    }

    /// Ends what is open in the table, but not the table.
    private mutating func clearToTable() { clear { $0 == .table } }

    private mutating func clear(to isContext: (HTMLElement) -> Bool) {
        while let top = open.last {
            if top.space == .html,
                isContext(top.element) || top.element == .template || top.element == .html
            {
                return
            }
            pop()
        }
    }

    // MARK: In a caption

    mutating func startInCaption(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .caption, .col, .colgroup, .tbody, .td, .tfoot, .th, .thead, .tr:
            return !closeCaption()
        default: startInBody(tag)
        }
        return true
    }

    mutating func endInCaption(_ element: HTMLElement, _ nameHash: UInt64) -> Bool {
        switch element {
        case .caption: _ = closeCaption()
        case .table: return !closeCaption()
        case .body, .col, .colgroup, .html, .tbody, .td, .tfoot, .th, .thead, .tr: break
        default: return endInBody(element, nameHash)
        }
        return true
    }

    /// - Returns: True when a caption was open.
    private mutating func closeCaption() -> Bool {
        guard let index = open.index(of: .caption, in: .table) else { return false }
        pop(to: index)
        formatting.clearToMark()
        mode = .inTable
        return true
    }

    // MARK: In a column group

    mutating func startInColumnGroup(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .html: merge(tag)
        case .col: insertVoid(tag)
        case .template: return startInHead(tag)
        default: return leaveColumnGroup()
        }
        return true
    }

    mutating func endInColumnGroup(_ element: HTMLElement) -> Bool {
        switch element {
        case .colgroup: _ = leaveColumnGroup()
        case .col: break
        case .template: endTemplate()
        default: return leaveColumnGroup()
        }
        return true
    }

    /// - Returns: False when the token is to be read again in the table.
    mutating func leaveColumnGroup() -> Bool {
        guard open.last?.isHTML(.colgroup) == true else { return true }
        pop()
        mode = .inTable
        return false
    }

    // MARK: In a section

    mutating func startInTableBody(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .tr:
            clear { $0.isTableSection }
            insert(tag)
            mode = .inRow
        case .td, .th:
            clear { $0.isTableSection }
            insertImplied(.tr)
            mode = .inRow
            return false
        case .caption, .col, .colgroup, .tbody, .tfoot, .thead: return !closeTableBody()
        default: return startInTable(tag)
        }
        return true
    }

    mutating func endInTableBody(_ element: HTMLElement, _ nameHash: UInt64) -> Bool {
        switch element {
        case .tbody, .tfoot, .thead:
            if open.index(of: element, in: .table) != nil { _ = closeTableBody() }
        case .table: return !closeTableBody()
        case .body, .caption, .col, .colgroup, .html, .td, .th, .tr: break
        default: return endInTable(element, nameHash)
        }
        return true
    }

    /// - Returns: True when a section was open.
    private mutating func closeTableBody() -> Bool {
        guard open.indexInTable(where: { $0.isTableSection }) != nil else { return false }
        clear { $0.isTableSection }
        pop()
        mode = .inTable
        return true
    }

    // MARK: In a row

    mutating func startInRow(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .td, .th:
            clear { $0 == .tr }
            insert(tag)
            mode = .inCell
            formatting.mark()
        case .caption, .col, .colgroup, .tbody, .tfoot, .thead, .tr: return !closeRow()
        default: return startInTable(tag)
        }
        return true
    }

    mutating func endInRow(_ element: HTMLElement, _ nameHash: UInt64) -> Bool {
        switch element {
        case .tr: _ = closeRow()
        case .table: return !closeRow()
        case .tbody, .tfoot, .thead:
            return open.index(of: element, in: .table) == nil || !closeRow()
        case .body, .caption, .col, .colgroup, .html, .td, .th: break
        default: return endInTable(element, nameHash)
        }
        return true
    }

    /// - Returns: True when a row was open.
    private mutating func closeRow() -> Bool {
        guard open.index(of: .tr, in: .table) != nil else { return false }
        clear { $0 == .tr }
        pop()
        mode = .inTableBody
        return true
    }

    // MARK: In a cell

    mutating func startInCell(_ tag: HTMLTag) -> Bool {
        switch tag.element {
        case .caption, .col, .colgroup, .tbody, .td, .tfoot, .th, .thead, .tr: return !closeCell()
        default: startInBody(tag)
        }
        return true
    }

    mutating func endInCell(_ element: HTMLElement, _ nameHash: UInt64) -> Bool {
        switch element {
        case .td, .th:
            guard let index = open.index(of: element, in: .table) else { return true }
            pop(to: index)
            formatting.clearToMark()
            mode = .inRow
        case .body, .caption, .col, .colgroup, .html: break
        case .table, .tbody, .tfoot, .thead, .tr:
            return open.index(of: element, in: .table) == nil || !closeCell()
        default: return endInBody(element, nameHash)
        }
        return true
    }

    /// - Returns: True when a cell was open.
    private mutating func closeCell() -> Bool {
        guard let index = open.indexInTable(where: { $0.isCell }) else { return false }
        pop(to: index)
        formatting.clearToMark()
        mode = .inRow
        return true
    }

    /// Finds the mode that the open elements call for (WHATWG HTML section 13.2.4.1).
    mutating func resetMode() {
        for index in open.entries.indices.reversed() where open.entries[index].space == .html {
            switch open.entries[index].element {
            case .select:
                let table = open.entries[..<index].last {
                    $0.isHTML(.table) || $0.isHTML(.template)
                }
                mode = table?.element == .table ? .inSelectInTable : .inSelect
            case .td, .th: mode = .inCell
            case .tr: mode = .inRow
            case .tbody, .thead, .tfoot: mode = .inTableBody
            case .caption: mode = .inCaption
            case .colgroup: mode = .inColumnGroup
            case .table: mode = .inTable
            case .template: mode = templateModes.last ?? .inTemplate
            case .head: mode = .inHead
            case .body: mode = .inBody
            case .frameset: mode = .inFrameset
            case .html: mode = .afterHead
            default: continue
            }
            return
        }
        mode = .inBody
    }
}
