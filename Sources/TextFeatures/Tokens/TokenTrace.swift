/// Where the tokens of a document are found, recorded while it is scanned.
///
/// Eight bytes a token, so that every message has it and no explanation reads a message again.
/// ``TokenSources`` makes places of the document of it.
struct TokenTrace: Sendable {
    /// The two texts of a document.
    enum Text { case subject, body }

    /// Where one token was found.
    struct Span: Sendable {
        /// The first byte in the scanned text, or ``mark`` or ``nowhere``.
        var start: Int32
        /// The end in the scanned text, or the index of a mark.
        var end: Int32

        /// A token that stands for a mark.
        static let mark: Int32 = -1
        /// A token without a place.
        static let nowhere: Int32 = -2
    }

    /// Tokens whose spans mean the same text.
    struct Stretch: Sendable, Equatable {
        var text: Text
        /// The bytes of the document that the scanned text was folded from; nil when it was scanned
        /// as it stands there.
        var folded: Range<Int32>?
        /// The number of the first of these tokens.
        var first = 0

        /// Whether positions in the scanned text mean the same.
        func means(_ other: Stretch) -> Bool { text == other.text && folded == other.folded }
    }

    /// One for each token so far, but those in front.
    private(set) var spans: [Span] = []
    /// Ascending.
    private(set) var stretches: [Stretch] = []
    /// Tokens that were put in front later, which have no place.
    private(set) var inFront = 0

    mutating func reserve(_ tokens: Int) { spans.reserveCapacity(tokens) }

    /// The next tokens are scanned from this text, which is the document's or folded from this
    /// range of it.
    mutating func begin(_ text: Text, foldedFrom range: Range<Int>? = nil) {
        let folded = range.map { Int32($0.lowerBound)..<Int32($0.upperBound) }
        let stretch = Stretch(text: text, folded: folded, first: spans.count)
        if stretches.last?.means(stretch) != true { stretches.append(stretch) }
    }

    /// All tokens up to `count` that have no place yet come from these bytes of the scanned text.
    @inline(__always)
    mutating func record(_ scanned: Range<Int>, upTo count: Int) {
        fill(Span(start: Int32(scanned.lowerBound), end: Int32(scanned.upperBound)), upTo: count)
    }

    /// All tokens up to `count` that have no place yet stand for a mark.
    mutating func record(mark: Int, upTo count: Int) {
        fill(Span(start: Span.mark, end: Int32(mark)), upTo: count)
    }

    /// All tokens up to `count` that have no place yet have none.
    mutating func recordNothing(upTo count: Int) {
        fill(Span(start: Span.nowhere, end: 0), upTo: count)
    }

    @inline(__always)
    private mutating func fill(_ span: Span, upTo count: Int) {
        while spans.count < count { spans.append(span) }
    }

    /// Makes room for tokens in front of all others.
    mutating func prepend(_ count: Int) { inFront += count }
}
