/// The formatting elements that go on in the next block when they were not ended (WHATWG HTML
/// section 13.2.4.3).
struct HTMLFormattingList {
    /// A formatting element, or the mark of a cell or the like, which formatting does not enter.
    struct Entry {
        var element: HTMLElement
        var identity: HTMLElementStack.Identity
        /// The start tag in the document.
        var source: Range<Int>
        /// Nil for a mark.
        var declared: HTMLElementStyle?

        var isMark: Bool { declared == nil }
    }

    /// Equal elements that are kept ("Noah's Ark").
    private static let maximumEqual = 3
    /// Elements behind the last mark that are kept: a bound on the work of one tag.
    private static let maximumBehindMark = 64
    /// All entries that are kept.
    private static let maximumEntries = 2_048

    private(set) var entries: [Entry] = []
    /// The index behind the last mark.
    private var start = 0

    /// The indices of the entries behind the last mark.
    var current: Range<Int> { start..<entries.count }

    /// Adds a mark.
    mutating func mark() {
        trim()
        start = entries.count + 1
        entries.append(
            Entry(
                element: .other, identity: .init(slot: 0, number: .max), source: 0..<0,
                declared: nil))
    }

    /// Removes the entries behind the last mark, and the mark.
    mutating func clearToMark() {
        entries.removeSubrange(current)
        if !entries.isEmpty { entries.removeLast() }
        findStart()
    }

    private mutating func findStart() {
        start = entries.count
        while start > 0, !entries[start - 1].isMark { start -= 1 }
    }

    /// Adds an element.
    ///
    /// - Returns: False when an element was dropped that the standard would have kept.
    mutating func add(_ entry: Entry, of bytes: [UInt8]) -> Bool {
        trim()
        let range = current
        var equal = 0
        var earliest = range.lowerBound
        for index in range.reversed() where entries[index].element == entry.element {
            guard isSame(entries[index].source, entry.source, in: bytes) else { continue }
            equal += 1
            earliest = index
            if equal == HTMLFormattingList.maximumEqual { break }
        }
        var isComplete = true
        if equal == HTMLFormattingList.maximumEqual {
            entries.remove(at: earliest)
        } else if range.count >= HTMLFormattingList.maximumBehindMark {
            entries.remove(at: range.lowerBound)
            isComplete = false
        }
        entries.append(entry)
        return isComplete
    }

    /// True when two tags have the same bytes.
    private func isSame(_ one: Range<Int>, _ other: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        for offset in 0..<one.count
        where bytes[one.lowerBound + offset] != bytes[other.lowerBound + offset] {
            return false
        }
        return true
    }

    /// The index of the last element of a kind behind the last mark.
    func index(of element: HTMLElement) -> Int? {
        var index = entries.count - 1
        while index >= start {
            if entries[index].element == element { return index }
            index -= 1
        }
        return nil
    }

    /// The index of an element, searched up to the last mark.
    func index(of identity: HTMLElementStack.Identity) -> Int? {
        var index = entries.count - 1
        while index >= start {
            if entries[index].identity == identity { return index }
            index -= 1
        }
        return nil
    }

    mutating func remove(at index: Int) { entries.remove(at: index) }

    /// Moves an entry to before the one at another index.
    mutating func move(from index: Int, before end: Int) {
        let entry = entries.remove(at: index)
        entries.insert(entry, at: end > index ? end - 1 : end)
    }

    /// Records that an element is open again.
    mutating func reopen(at index: Int, as identity: HTMLElementStack.Identity) {
        entries[index].identity = identity
    }

    /// Drops old entries when hostile tables leave marks behind.
    private mutating func trim() {
        guard entries.count >= HTMLFormattingList.maximumEntries else { return }
        entries.removeFirst(HTMLFormattingList.maximumEntries / 2)
        findStart()
    }
}
