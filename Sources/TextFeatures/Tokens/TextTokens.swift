import ASCIIText

/// The tokens of one text while they are found, and what was counted on the way.
struct TextTokens {
    var stream = TokenStream()
    var urls = URLTokens()
    var inCapitals = false
    /// No more tokens than this are made, but for the few of one URL.
    var limit = Int.max
    /// Words that mix look-alike letters into ASCII.
    var mixedCount = 0
    /// Runs of spaced-out letters.
    var spacedCount = 0
    /// Invisible characters inside words.
    var zeroWidthCount = 0
    /// Where the tokens come from; kept only for explanations.
    var trace: TokenTrace?

    mutating func appendURL(_ url: [UInt8]) {
        stream.append(marker: "<url>")
        urls.append(url, to: &stream)
    }

    /// Reads one stretch of text without marks in it.
    mutating func append(_ text: [UInt8], _ range: Range<Int>, steps: StepSet) {
        guard !range.isEmpty else { return }
        var scanner: WordScanner
        if text[range].allSatisfy({ $0 < 0x80 }) {
            scanner = WordScanner(text, range, steps: steps)
            trace?.begin(TextOrigin())
        } else {
            let folded = UnicodeFolding(text[range], steps: steps)
            zeroWidthCount += folded.zeroWidthCount
            scanner = WordScanner(folded.bytes, 0..<folded.bytes.count, steps: steps)
            if trace != nil {
                trace?.begin(TextOrigin(text[range], foldedTo: folded.bytes, steps: steps))
            }
        }
        scanner.scan(into: &self)
    }
}
