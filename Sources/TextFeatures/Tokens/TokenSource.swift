/// Where in a ``Document`` a token was found.
public enum TokenSource: Sendable, Equatable {
    /// UTF-8 bytes of ``Document/subject``.
    case subject(Range<Int>)
    /// UTF-8 bytes of ``Document/body``.
    case body(Range<Int>)
    /// A place in ``Document/marks``.
    case mark(Int)
    /// Made of the message as a whole, or not told.
    case none
}

/// Notes where the tokens of one text come from, while they are made.
struct TokenTrace {
    /// One for each token so far.
    private(set) var sources: [TokenSource] = []
    private var text = Text.subject
    /// From places in the text that is scanned to places in the document.
    private var origin: TextOrigin?

    enum Text { case subject, body }

    /// What comes behind the first `count` tokens is of this text.
    mutating func enter(_ text: Text, at count: Int) {
        note(.none, upTo: count)
        self.text = text
    }

    /// What comes next is scanned from this stretch of the document, folded or as it is.
    mutating func begin(_ origin: TextOrigin?) { self.origin = origin }

    /// All tokens up to `count` that have no source yet come from these bytes of the scanned text.
    mutating func note(_ scanned: Range<Int>, upTo count: Int) {
        guard let range = origin?.original(scanned) else { return note(.none, upTo: count) }
        switch text {
        case .subject: note(.subject(range), upTo: count)
        case .body: note(.body(range), upTo: count)
        }
    }

    mutating func note(_ source: TokenSource, upTo count: Int) {
        while sources.count < count { sources.append(source) }
    }
}

/// Where each character of a folded text stood before it was folded.
struct TextOrigin {
    /// Starts of the characters in the folded text and in the document, ascending; the last pair is
    /// the end of both. Empty when both are the same.
    private var folded: [Int] = []
    private var document: [Int] = []

    /// Bytes of a letter with all its marks.
    private static let longestCharacter = 200

    /// Text that is scanned as it stands in the document.
    init() {}

    /// - Parameters:
    ///   - text: what was folded; its indices are those of the document.
    ///   - result: what came out. When that is not the characters one by one, as after a change of
    ///     direction, or one is no character that anybody writes, there is no telling where one
    ///     stood, and the result is nil.
    init?(_ text: ArraySlice<UInt8>, foldedTo result: [UInt8], steps: StepSet) {
        var position = text.startIndex
        var reached = 0
        /// A text has few different characters.
        var known: [[UInt8]: [UInt8]] = [:]
        for character in String(decoding: text, as: UTF8.self) {
            let bytes = Array(character.utf8)
            guard bytes.count <= TextOrigin.longestCharacter else { return nil }
            folded.append(reached)
            document.append(position)
            let own: [UInt8]
            if bytes.allSatisfy({ $0 < 0x80 }) {
                own = bytes
            } else if let folded = known[bytes] {
                own = folded
            } else {
                own = UnicodeFolding(bytes[...], steps: steps).bytes
                known[bytes] = own
            }
            guard result[reached...].starts(with: own) else { return nil }
            reached += own.count
            position += bytes.count
        }
        guard reached == result.count, position == text.endIndex else { return nil }
        folded.append(reached)
        document.append(position)
    }

    /// The bytes of the document that these bytes of the scanned text come from.
    func original(_ range: Range<Int>) -> Range<Int> {
        guard !folded.isEmpty else { return range }
        let first = place(of: range.lowerBound, atMost: true)
        let last = place(of: range.upperBound, atMost: false)
        return document[first]..<max(document[first], document[last])
    }

    /// The last character that begins at or before a place, or the first at or behind it.
    private func place(of position: Int, atMost: Bool) -> Int {
        var low = 0
        var high = folded.count - 1
        while low < high {
            let middle = (low + high + (atMost ? 1 : 0)) / 2
            if atMost {
                if folded[middle] <= position { low = middle } else { high = middle - 1 }
            } else {
                if folded[middle] >= position { high = middle } else { low = middle + 1 }
            }
        }
        return low
    }
}
