/// The `default` profile: facts, then subject, then body (model-recipe.md section 3).
struct DefaultProfile {
    private let spec: TextPipelineSpec
    private let steps: StepSet

    init(_ spec: TextPipelineSpec) {
        self.spec = spec
        steps = StepSet(spec.steps)
    }

    /// Tokens that are in every vocabulary of this profile, seen in training or not.
    static let markers: [String] =
        [
            "<subj>", "<body>", "<mixed>", "<leet>", "<spaced>", "<caps>", "<long>", "<url>",
            "<email>", "<a>", "<img>", "<img1>", "<altdiff>", "<hid1>", "<hid2>", "<hid3>", "<zw1>",
            "<zw2>", "<mixed1>", "<mixed2>", "<spaced1>", "<spaced2>",
        ] + UnknownWord.shapes

    /// - Parameter traced: whether to note where in the document each token was found.
    func tokens(of document: Document, traced: Bool) -> TokenStream {
        var text = TextTokens()
        if traced { text.trace = TokenTrace() }
        text.limit = document.tokenLimit
        text.stream.reserve(min(document.body.count, spec.textHead + spec.textTail))
        text.stream.append(marker: "<subj>")
        text.trace?.enter(.subject, at: text.stream.count)
        if let subject = document.subject {
            text.append(subject, 0..<min(subject.count, 2_000), steps: steps)
        }
        text.inCapitals = false
        text.stream.isTextCut = document.body.count > spec.textHead + spec.textTail
        text.stream.append(marker: "<body>")
        text.trace?.enter(.body, at: text.stream.count)
        appendBody(of: document, to: &text)
        text.stream.sources = text.trace?.sources ?? []
        if steps.contains(.facts) {
            text.stream.prepend(facts(of: document, text))
        }
        return text.stream
    }

    /// The stretches between the marks, each read on its own.
    private func appendBody(of document: Document, to text: inout TextTokens) {
        var next = 0
        for window in windows(of: document.body) {
            var position = window.lowerBound
            while next < document.marks.count, document.marks[next].offset <= window.upperBound {
                let offset = document.marks[next].offset
                if offset >= window.lowerBound {
                    text.append(document.body, position..<offset, steps: steps)
                    position = offset
                    append(document.marks[next].kind, to: &text)
                    text.trace?.note(.mark(next), upTo: text.stream.count)
                }
                next += 1
            }
            text.append(document.body, position..<window.upperBound, steps: steps)
        }
    }

    private func append(_ mark: Document.Mark.Kind, to text: inout TextTokens) {
        switch mark {
        case .token(let token): text.stream.append(marker: token)
        case .link(let target):
            guard steps.contains(.links) else { return }
            text.stream.append(marker: "<a>")
            text.urls.append(target.utf8, to: &text.stream)
        }
    }

    /// The front and the end of a long text, cut between characters.
    private func windows(of body: [UInt8]) -> [Range<Int>] {
        let count = body.count
        guard count > spec.textHead + spec.textTail else { return [0..<count] }
        func boundary(_ index: Int) -> Int {
            var index = index
            while index > 0, index < count, body[index] & 0xC0 == 0x80 { index -= 1 }
            return index
        }
        return [0..<boundary(spec.textHead), boundary(count - spec.textTail)..<count]
    }

    private func facts(of document: Document, _ text: TextTokens) -> TokenStream {
        var stream = TokenStream()
        func level(_ name: String, _ count: Int, _ limits: [Int]) {
            guard count > 0 else { return }
            let step = limits.firstIndex { count < $0 } ?? limits.count
            stream.append(marker: "<\(name)\(step + 1)>")
        }
        level("hid", document.hiddenWords, [10, 60])
        level("zw", text.zeroWidthCount, [5])
        level("mixed", text.mixedCount, [5])
        level("spaced", text.spacedCount, [5])
        for fact in document.facts { stream.append(marker: fact) }
        return stream
    }
}
