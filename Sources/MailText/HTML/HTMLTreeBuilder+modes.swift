/// The rules of each mode (WHATWG HTML section 13.2.6.4).
extension HTMLTreeBuilder {
    /// Reads text by the rules of the mode.
    ///
    /// - Returns: False when it is to be read again in the mode that is now in force.
    mutating func process(text range: Range<Int>, isBlank: Bool) -> Bool {
        switch mode {
        case .initial, .beforeHead, .inHead, .inHeadNoscript, .afterHead:
            return isBlank || leaveFront()
        case .inTable, .inTableBody, .inRow: textInTable(range, isBlank: isBlank)
        case .inColumnGroup: return isBlank || leaveColumnGroup()
        case .inSelect, .inSelectInTable: show(range)
        case .inFrameset, .afterFrameset: break
        case .afterBody:
            if !isBlank { mode = .inBody }
            textInBody(range, isBlank: isBlank)
        case .inBody, .inCaption, .inCell, .inTemplate: textInBody(range, isBlank: isBlank)
        }
        return true
    }

    /// Reads a start tag by the rules of the mode; false when it is to be read again.
    mutating func process(start tag: HTMLTag) -> Bool {
        switch mode {
        case .initial, .beforeHead: return startBeforeHead(tag)
        case .inHead: return startInHead(tag) || leaveFront()
        case .inHeadNoscript: return startInHeadNoscript(tag)
        case .afterHead: return startAfterHead(tag)
        case .inBody: startInBody(tag)
        case .inTable: return startInTable(tag)
        case .inCaption: return startInCaption(tag)
        case .inColumnGroup: return startInColumnGroup(tag)
        case .inTableBody: return startInTableBody(tag)
        case .inRow: return startInRow(tag)
        case .inCell: return startInCell(tag)
        case .inSelect: return startInSelect(tag)
        case .inSelectInTable: return startInSelectInTable(tag)
        case .inTemplate: return startInTemplate(tag)
        case .afterBody:
            if tag.element == .html {
                startInBody(tag)
                return true
            }
            mode = .inBody
            return false
        case .inFrameset, .afterFrameset: startInFrameset(tag)
        }
        return true
    }

    /// Reads an end tag by the rules of the mode; false when it is to be read again.
    mutating func process(end element: HTMLElement, _ nameHash: UInt64) -> Bool {
        switch mode {
        case .initial, .beforeHead, .inHead, .inHeadNoscript, .afterHead:
            return endInFront(element)
        case .inBody: return endInBody(element, nameHash)
        case .inTable: return endInTable(element, nameHash)
        case .inCaption: return endInCaption(element, nameHash)
        case .inColumnGroup: return endInColumnGroup(element)
        case .inTableBody: return endInTableBody(element, nameHash)
        case .inRow: return endInRow(element, nameHash)
        case .inCell: return endInCell(element, nameHash)
        case .inSelect: endInSelect(element)
        case .inSelectInTable: return endInSelectInTable(element)
        case .inTemplate: if element == .template { endTemplate() }
        case .afterBody:
            if element == .html { return true }
            mode = .inBody
            return false
        case .inFrameset, .afterFrameset: endInFrameset(element)
        }
        return true
    }
}
