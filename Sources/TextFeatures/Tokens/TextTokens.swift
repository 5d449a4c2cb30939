import ASCIIText

/// The tokens of one message so far, and counts of the tricks in it.
struct TextTokens {
    var stream = TokenStream()
    var urls = URLTokens()
    /// Whether the word before was in capitals: a run of such words gets one marker.
    var inCapitals = false
    /// The scanner stops at this number of tokens; the last URL may add a few more.
    var limit = Int.max
    /// Words that mix look-alike letters into ASCII.
    var mixedCount = 0
    /// Runs of spaced-out letters.
    var spacedCount = 0
    /// Invisible characters inside words.
    var zeroWidthCount = 0

    mutating func appendURL(_ url: [UInt8]) {
        stream.append(.url)
        urls.append(url, to: &stream)
    }

    /// Appends the tokens of a range of a text in UTF-8, which has no marks in it.
    mutating func append(
        _ text: [UInt8], _ range: Range<Int>, of place: TokenTrace.Text, steps: StepSet
    ) {
        guard !range.isEmpty else { return }
        var scanner: WordScanner
        if text.isShownASCII(in: range) {
            scanner = WordScanner(text, range, steps: steps)
            stream.trace.begin(place)
        } else {
            let folded = UnicodeFolding(text[range], steps: steps)
            zeroWidthCount += folded.zeroWidthCount
            scanner = WordScanner(folded.bytes, 0..<folded.bytes.count, steps: steps)
            stream.trace.begin(place, foldedFrom: range)
        }
        scanner.scan(into: &self)
    }
}
