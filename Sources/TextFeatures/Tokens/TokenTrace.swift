/// Records where the tokens of a document are found, while it is scanned.
struct TokenTrace {
    /// One for each token so far.
    private(set) var sources: [TokenSource] = []
    private var text = Text.subject
    /// From indices of the scanned text to indices of the document.
    private var origin: TextOrigin?

    /// The two texts of a document.
    enum Text { case subject, body }

    /// Tokens behind the first `count` come from this text.
    mutating func enter(_ text: Text, at count: Int) {
        record(.none, upTo: count)
        self.text = text
    }

    /// The next tokens are scanned from this stretch of the document, folded or as it is; nil when
    /// the stretch can't be traced.
    mutating func begin(_ origin: TextOrigin?) { self.origin = origin }

    /// All tokens up to `count` that have no source yet come from these bytes of the scanned text.
    mutating func record(_ scanned: Range<Int>, upTo count: Int) {
        guard let range = origin?.original(scanned) else { return record(.none, upTo: count) }
        switch text {
        case .subject: record(.subject(range), upTo: count)
        case .body: record(.body(range), upTo: count)
        }
    }

    /// All tokens up to `count` that have no source yet have this one.
    mutating func record(_ source: TokenSource, upTo count: Int) {
        while sources.count < count { sources.append(source) }
    }
}
