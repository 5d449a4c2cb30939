import ASCIIText

/// The body of a message in bounded memory, taken piece by piece as it arrives.
///
/// Whenever it is full, its longest parts lose their middle, attachments long before text, and it
/// goes on: else a large attachment would hide the text behind it from the filter alone. What
/// remains doesn't depend on the sizes of the pieces, so that a message reads the same by milter
/// and from a file.
public struct BoundedBody: Sendable {
    /// Bytes at the front that stay as they are: by them a copy is known again
    /// (``CanonicalMessage``).
    private static let frontBytes = 128 * 1_024 + searchedBytes
    /// A part loses nothing unless it is longer than this.
    private static let leastPartBytes = 256
    /// How much more of a text than of an attachment remains.
    private static let textWeight = 64
    /// Bytes in which a line break is looked for, to cut there.
    private static let searchedBytes = 1_024

    /// What remains of the body.
    public private(set) var bytes: [UInt8] = []
    /// Bytes that were taken and left out later.
    public private(set) var leftOutBytes = 0
    /// True when something is missing that would have been read: of a text, or all from some point
    /// on.
    public private(set) var isCut = false
    /// True when no more is taken, because there is nothing left to leave out.
    public private(set) var isFull = false

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
        _ piece: some RandomAccessCollection<UInt8>, limit: Int, header: () -> [UInt8]
    ) {
        var rest = piece[...]
        while !rest.isEmpty {
            if bytes.count >= limit, !isFull { shorten(limit: limit, header: header()) }
            guard !isFull else {
                isCut = true
                return
            }
            let next = rest.prefix(limit - bytes.count)
            bytes.append(contentsOf: next)
            rest = rest.dropFirst(next.count)
        }
    }

    /// Takes note that the rest of the body is missing.
    public mutating func cut() { (isCut, isFull) = (true, true) }

    /// Leaves out the middle of the longest parts, until half of the limit is free.
    ///
    /// It is full when no more than a quarter gets free: the cost of looking at the parts would no
    /// longer be in proportion to what arrives.
    private mutating func shorten(limit: Int, header: [UInt8]) {
        let parts = BoundedBody.parts(of: header + bytes, headerBytes: header.count)
        let lengths = BoundedBody.lengths(of: parts, leaving: bytes.count - limit / 2)
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
        isFull = freed <= limit / 4
        guard !isFull else { return }
        leftOutBytes += freed
        bytes = shorter
    }

    /// A leaf of the message: where its content is in the body, and whether it is text.
    private struct Part {
        var range: Range<Int>
        var isText: Bool
    }

    /// The leaves of a message in the order they occur.
    private static func parts(of message: [UInt8], headerBytes: Int) -> [Part] {
        var limits = MailLimits()
        limits.bodyBytes = .max
        let clock = ReadingClock(limits)
        var reader = MIMEReader(message, limits: limits, clock: clock)
        var root = reader.read()
        if reader.isDoubtful {
            var lenient = MIMEReader(message, limits: limits, clock: clock, isLenient: true)
            root = lenient.read()
        }
        var parts: [Part] = []
        var unvisited = [root]
        while let entity = unvisited.popLast() {
            guard entity.children.isEmpty else {
                unvisited += entity.children.reversed()
                continue
            }
            let range = entity.body.clamped(to: headerBytes..<message.count)
            parts.append(
                Part(
                    range: range.lowerBound - headerBytes..<range.upperBound - headerBytes,
                    isText: entity.isReadable && entity.disposition != "attachment"))
        }
        return parts
    }

    /// How many bytes may remain of each part, so that `surplus` bytes get free, or as many as can.
    ///
    /// Parts that are shorter than their share lose nothing, the others have equal shares; those of
    /// texts are larger.
    private static func lengths(of parts: [Part], leaving surplus: Int) -> [Int] {
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
    /// It is one of whole lines if it can be, and of whole groups of four characters, so that the
    /// rest of a part in base64 can still be read.
    private func gap(in part: Part, leaving length: Int) -> Range<Int> {
        let range = part.range
        guard range.count > length else { return 0..<0 }
        let start = lineStart(
            before: max(range.lowerBound + length * 3 / 4, BoundedBody.frontBytes),
            from: range.lowerBound)
        var end = lineStart(before: range.upperBound - length / 4, from: start)
        guard start < end else { return 0..<0 }
        var characters = bytes[start..<end].reduce(0) { $0 + (ASCII.isSpace($1) ? 0 : 1) } % 4
        while characters > 0, end > start {
            end -= 1
            if !ASCII.isSpace(bytes[end]) { characters -= 1 }
        }
        return start..<end
    }

    /// The last start of a line that is not behind `index`; `index` where none is near.
    private func lineStart(before index: Int, from start: Int) -> Int {
        guard index < bytes.count else { return bytes.count }
        let searched = bytes[max(start, index - BoundedBody.searchedBytes)..<max(start, index)]
        return searched.lastIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? index
    }
}
