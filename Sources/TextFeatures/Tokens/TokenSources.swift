/// Finds where in its document a token stands.
///
/// Text that was folded is folded once more for that, one stretch between marks at a time.
public struct TokenSources {
    private let document: Document
    private let trace: TokenTrace
    private let steps: StepSet
    /// The origins of stretches that were asked for, by index; nil for what can't be traced.
    private var origins: [Int: TextOrigin?] = [:]

    /// The sources of a document's tokens, which were scanned with these steps.
    init(_ document: Document, _ trace: TokenTrace, steps: StepSet) {
        self.document = document
        self.trace = trace
        self.steps = steps
    }

    /// The place of a token, by its index in the stream.
    public mutating func source(of token: Int) -> TokenSource {
        let index = token - trace.inFront
        guard trace.spans.indices.contains(index) else { return .none }
        let span = trace.spans[index]
        switch span.start {
        case TokenTrace.Span.mark: return .mark(Int(span.end))
        case TokenTrace.Span.nowhere: return .none
        default: return place(Int(span.start)..<Int(span.end), stretch: stretch(of: index))
        }
    }

    private mutating func place(_ scanned: Range<Int>, stretch index: Int) -> TokenSource {
        let stretch = trace.stretches[index]
        guard let range = origin(ofStretch: index)?.original(scanned) else { return .none }
        switch stretch.text {
        case .subject: return .subject(range)
        case .body: return .body(range)
        }
    }

    private mutating func origin(ofStretch index: Int) -> TextOrigin? {
        if let known = origins[index] { return known }
        let stretch = trace.stretches[index]
        let origin: TextOrigin?
        if let folded = stretch.folded {
            let text = stretch.text == .subject ? document.subject ?? [] : document.body
            let piece = text[Int(folded.lowerBound)..<Int(folded.upperBound)]
            origin = TextOrigin(
                piece, foldedTo: UnicodeFolding(piece, steps: steps).bytes, steps: steps)
        } else {
            origin = TextOrigin()
        }
        origins[index] = .some(origin)
        return origin
    }

    /// The last stretch that begins at the token or in front of it, by binary search.
    private func stretch(of token: Int) -> Int {
        var low = 0
        var high = trace.stretches.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if trace.stretches[middle].first <= token { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
