import ASCIIText

/// The body of a message in bounded memory, taken piece by piece as it arrives.
///
/// Whenever it is full, its longest parts lose their middle, attachments long before text, and it
/// goes on: else a large attachment would hide the text behind it from the filter alone. What
/// remains doesn't depend on the sizes of the pieces, so that a message reads the same by milter
/// and from a file with the same line ends.
public struct BoundedBody: Sendable {
    /// Bytes at the front that stay as they are: by them a copy is known again
    /// (``CanonicalMessage``).
    private static let frontBytes = 128 * 1_024
    /// A part loses nothing unless it is longer than this.
    private static let leastPartBytes = 256
    /// How much more of a text than of another part remains.
    private static let textWeight = 64
    /// Characters of base64 that stand for whole bytes and for whole characters of any charset.
    private static let base64Group = 16
    /// CPU time that leaving out may take for all of a body, in nanoseconds; ordinary mail takes
    /// some milliseconds for ten megabytes.
    private static let mostTime: UInt64 = 2_000_000_000

    /// What remains of the body.
    public private(set) var bytes: [UInt8] = []
    /// Bytes that were taken and left out later.
    public private(set) var leftOutBytes = 0
    /// True when something is missing that would have been read: of a text, or all from some point
    /// on.
    public private(set) var isCut = false
    /// True when no more is taken, because there is nothing left to leave out.
    public private(set) var isFull = false
    /// CPU time that leaving out has taken, in nanoseconds.
    private var time: UInt64 = 0

    /// An empty body.
    public init() {}

    /// Takes the next piece of the body.
    ///
    /// - Parameters:
    ///   - piece: the bytes that follow those taken so far; nothing of it once it is full.
    ///   - limit: how many bytes may remain.
    ///   - header: the message's header, by which its parts are found; asked for only when the
    ///     limit is reached.
    public mutating func append(
        _ piece: Span<UInt8>, limit: Int, header: () -> [UInt8]
    ) {
        var taken = 0
        while taken < piece.count {
            if bytes.count >= limit, !isFull { shorten(limit: limit, header: header()) }
            guard !isFull else {
                isCut = true
                return
            }
            let end = min(piece.count, taken + (limit - bytes.count))
            // The pointer is the way to append a span at once; it doesn't leave the closure.
            piece.extracting(taken..<end).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
            taken = end
        }
    }

    /// Takes note that the rest of the body is missing.
    public mutating func cut() { (isCut, isFull) = (true, true) }

    /// Leaves out the middle of the longest parts, until a quarter of the limit is free.
    ///
    /// It is full when no more than half of that gets free: the cost of looking at the parts would
    /// no longer be in proportion to what arrives.
    private mutating func shorten(limit: Int, header: [UInt8]) {
        let began = ReadingClock.now
        defer { time += ReadingClock.now - began }
        let parts = BodyPart.all(
            of: header + bytes, headerBytes: header.count, behind: BoundedBody.frontBytes)
        let lengths = BoundedBody.lengths(of: parts, leaving: bytes.count - limit * 3 / 4)
        var shorter: [UInt8] = []
        shorter.reserveCapacity(limit)
        var end = 0
        for (part, length) in zip(parts, lengths) {
            let gap = gap(in: part, leaving: length)
            guard !gap.isEmpty else { continue }
            isCut = isCut || part.isText
            shorter += bytes[end..<gap.lowerBound]
            end = gap.upperBound
        }
        shorter += bytes[end...]
        let freed = bytes.count - shorter.count
        isFull = freed <= limit / 8 || time > BoundedBody.mostTime
        guard !isFull else { return }
        leftOutBytes += freed
        bytes = shorter
    }

    /// How many bytes may remain of each part, so that `surplus` bytes get free, or as many as can.
    ///
    /// Parts that are shorter than their share lose nothing, the others have equal shares; those of
    /// texts are larger.
    private static func lengths(of parts: [BodyPart], leaving surplus: Int) -> [Int] {
        func lengths(share: Int) -> [Int] {
            parts.map {
                let share = max(leastPartBytes, $0.isText ? textWeight * share : share)
                return min($0.range.count, share)
            }
        }
        let count = parts.reduce(0) { $0 + $1.range.count }
        // The largest share that frees enough is found by halving.
        var shares = 0..<count + 1
        while shares.count > 1 {
            let share = shares.lowerBound + shares.count / 2
            if count - lengths(share: share).reduce(0, +) >= surplus {
                shares = share..<shares.upperBound
            } else {
                shares = shares.lowerBound..<share
            }
        }
        return lengths(share: shares.lowerBound)
    }

    /// The bytes of a part that are left out so that some `length` remain: three quarters at its
    /// front and one at its end.
    ///
    /// They are whole lines where there are such, and in base64 whole groups. Empty where what then
    /// stands in one line might read as a delimiter.
    private func gap(in part: BodyPart, leaving length: Int) -> Range<Int> {
        let start = part.range.lowerBound + length * 3 / 4
        let end = part.range.upperBound - length / 4
        guard part.range.count > length, start < end else { return 0..<0 }
        var gap = wholeLines(in: start..<end)
        if gap.count < (end - start) / 2 { gap = start..<end }
        if part.isBase64 { gap = wholeGroups(in: gap) }
        return isSafe(gap) ? gap : 0..<0
    }

    /// The whole lines within a range.
    private func wholeLines(in range: Range<Int>) -> Range<Int> {
        guard let first = bytes[range].firstIndex(of: ASCII.lineFeed),
            let last = bytes[range].lastIndex(of: ASCII.lineFeed)
        else { return 0..<0 }
        return first + 1..<last + 1
    }

    /// As much of a range of base64 as is whole groups.
    private func wholeGroups(in range: Range<Int>) -> Range<Int> {
        let characters = bytes[range].reduce(0) { $0 + (ASCII.isSpace($1) ? 0 : 1) }
        var surplus = characters % BoundedBody.base64Group
        var end = range.upperBound
        while surplus > 0, end > range.lowerBound {
            end -= 1
            if !ASCII.isSpace(bytes[end]) { surplus -= 1 }
        }
        return range.lowerBound..<end
    }

    /// Whether leaving out a gap makes no line that begins like a delimiter.
    ///
    /// A carriage return alone is a line end for some readers.
    private func isSafe(_ gap: Range<Int>) -> Bool {
        let isOfLines = [gap.lowerBound, gap.upperBound].allSatisfy {
            $0 > 0 && bytes[$0 - 1] == ASCII.lineFeed
        }
        if isOfLines { return true }
        let front = bytes[..<gap.lowerBound]
        let lastFeed = front.lastIndex(of: ASCII.lineFeed)
        let lastBreak = front.lastIndex { $0 == ASCII.lineFeed || $0 == ASCII.carriageReturn }
        return [lastFeed, lastBreak].allSatisfy { lineBreak in
            let line = front[(lineBreak.map { $0 + 1 } ?? 0)...].prefix(2)
            return !(line + bytes[gap.upperBound...].prefix(2)).starts(with: "--".utf8)
        }
    }
}
