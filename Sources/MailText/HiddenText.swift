import ASCIIText

/// The text that styles hide, with the offsets where it would be among the visible text.
struct HiddenText: Sendable, Equatable {
    /// Bytes that are kept.
    static let maximumBytes = 64 * 1_024

    /// Hidden text between two characters of the visible text.
    private struct Piece: Equatable {
        /// Byte offset in the visible text.
        var offset: Int
        /// Where the piece ends in ``HiddenText/bytes``; it begins where the one before it ends.
        var end: Int
    }

    /// All pieces, one after the other; white space is collapsed.
    private(set) var bytes: [UInt8] = []
    private var pieces: [Piece] = []
    /// True when the next word does not belong to the last one.
    private var needsSpace = false

    var isEmpty: Bool { bytes.isEmpty }

    /// Ends the word, at the border of a block.
    mutating func endWord() { needsSpace = true }

    /// Appends a piece that stands at an offset of the visible text.
    mutating func append(_ text: ArraySlice<UInt8>, at offset: Int) {
        guard bytes.count + text.count < HiddenText.maximumBytes else { return }
        let isSamePiece = pieces.last?.offset == offset
        let start = bytes.count
        for byte in text {
            if ASCII.isSpace(byte) || byte == 0 {
                needsSpace = true
                continue
            }
            if needsSpace, isSamePiece || bytes.count > start { bytes.append(ASCII.space) }
            needsSpace = false
            bytes.append(byte)
        }
        guard bytes.count > start else { return }
        if isSamePiece {
            pieces[pieces.count - 1].end = bytes.count
        } else {
            pieces.append(Piece(offset: offset, end: bytes.count))
        }
    }

    /// Appends the hidden text of another text that stands at an offset of the visible text.
    mutating func append(_ other: HiddenText, at offset: Int) {
        let start = bytes.count
        bytes += other.bytes
        for piece in other.pieces {
            pieces.append(Piece(offset: offset + piece.offset, end: start + piece.end))
        }
        needsSpace = true
    }

    /// The same text, as if it stood at one offset.
    func gathered(at offset: Int) -> HiddenText {
        var result = self
        result.pieces = bytes.isEmpty ? [] : [Piece(offset: offset, end: bytes.count)]
        return result
    }

    /// Forgets all but the first bytes.
    mutating func cut(to count: Int) {
        guard count < bytes.count else { return }
        bytes.removeLast(bytes.count - count)
        while let last = pieces.last, last.end > count {
            let start = pieces.count > 1 ? pieces[pieces.count - 2].end : 0
            guard start < count else {
                pieces.removeLast()
                continue
            }
            pieces[pieces.count - 1].end = count
        }
    }

    /// The visible text with the hidden text in its midst.
    ///
    /// - Parameter visible: the text that the offsets are of.
    /// - Returns: the text, its marks at the same words as before.
    func shown(in visible: VisibleText) -> VisibleText {
        var result = visible
        result.bytes = []
        result.bytes.reserveCapacity(visible.bytes.count + bytes.count + 2 * pieces.count)
        var copied = 0
        var start = 0
        var mark = 0
        func isSpace(at index: Int) -> Bool {
            index >= visible.bytes.count || ASCII.isSpace(visible.bytes[index])
        }
        for piece in pieces {
            let offset = min(max(piece.offset, copied), visible.bytes.count)
            while mark < result.marks.count, visible.marks[mark].offset < offset {
                result.marks[mark].offset += result.bytes.count - copied
                mark += 1
            }
            result.bytes += visible.bytes[copied..<offset]
            if let last = result.bytes.last, !ASCII.isSpace(last) {
                result.bytes.append(ASCII.space)
            }
            result.bytes += bytes[start..<piece.end]
            if !isSpace(at: offset) { result.bytes.append(ASCII.space) }
            start = piece.end
            copied = offset
        }
        while mark < result.marks.count {
            result.marks[mark].offset += result.bytes.count - copied
            mark += 1
        }
        result.bytes += visible.bytes[copied...]
        return result
    }
}
