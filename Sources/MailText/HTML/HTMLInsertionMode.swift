/// What the tree builder expects next (WHATWG HTML section 13.2.4.1).
///
/// Modes that treat text alike are one: "before html" is ``initial``, "after after body" is
/// ``afterBody``, "after after frameset" is ``afterFrameset``. "text" and "in table text" need
/// none, because the tokenizer delivers raw content and text in one piece.
enum HTMLInsertionMode {
    case initial, beforeHead, inHead, inHeadNoscript, afterHead, inBody
    case inTable, inCaption, inColumnGroup, inTableBody, inRow, inCell
    case inSelect, inSelectInTable, inTemplate, afterBody, inFrameset, afterFrameset

    /// True inside a table, where a `select` ends at the next part of the table.
    var isInTable: Bool {
        switch self {
        case .inTable, .inCaption, .inTableBody, .inRow, .inCell: return true
        default: return false
        }
    }
}
