/// The `default` profile: facts, then subject, then body.
///
/// See `docs/model.md`.
struct DefaultProfile {
    private let spec: TextPipelineSpec
    private let steps: StepSet

    init(_ spec: TextPipelineSpec) {
        self.spec = spec
        steps = StepSet(spec.steps)
    }

    /// Bytes of the subject that are read: more than two lines of RFC 5322, far more than any mail
    /// client shows, so that a subject can't crowd out the body.
    private static let subjectBytes = 2_000

    /// The tokens of a document.
    func tokens(of document: Document) -> TokenStream {
        var text = TextTokens()
        text.limit = document.tokenLimit
        text.stream.reserve(min(document.body.count, spec.textHead + spec.textTail))
        text.stream.append(.subject)
        text.stream.trace.recordNothing(upTo: text.stream.count)
        if let subject = document.subject {
            let read = 0..<min(subject.count, DefaultProfile.subjectBytes)
            text.append(subject, read, of: .subject, steps: steps)
        }
        text.inCapitals = false
        text.stream.append(.body)
        text.stream.trace.recordNothing(upTo: text.stream.count)
        let windows = windows(of: document.body)
        text.stream.isTextCut = windows.count > 1
        appendBody(of: document, windows, to: &text)
        if steps.contains(.facts) {
            text.stream.prepend(facts(of: document, text))
        }
        return text.stream
    }

    /// Appends the marks in some ranges of the body, and the stretches between them, each scanned
    /// alone.
    private func appendBody(
        of document: Document, _ windows: [Range<Int>], to text: inout TextTokens
    ) {
        var next = 0
        for window in windows {
            var position = window.lowerBound
            while next < document.marks.count, document.marks[next].offset <= window.upperBound {
                let offset = document.marks[next].offset
                if offset >= window.lowerBound {
                    text.append(document.body, position..<offset, of: .body, steps: steps)
                    position = offset
                    append(document.marks[next].kind, to: &text)
                    text.stream.trace.record(mark: next, upTo: text.stream.count)
                }
                next += 1
            }
            text.append(document.body, position..<window.upperBound, of: .body, steps: steps)
        }
    }

    private func append(_ mark: Document.Mark.Kind, to text: inout TextTokens) {
        switch mark {
        case .token(let token): text.stream.append(marker: token)
        case .link(let target):
            guard steps.contains(.links) else { return }
            text.stream.append(.link)
            text.urls.append(target.utf8, to: &text.stream)
        }
    }

    /// The ranges of a body that are read: all, or front and end of a long one.
    private func windows(of body: [UInt8]) -> [Range<Int>] {
        let all = [0..<body.count]
        guard body.count > spec.textHead + spec.textTail else { return all }
        let front = ShownBytes.prefix(of: body, spec.textHead)
        let back = ShownBytes.suffix(of: body, spec.textTail)
        return front.upperBound < back.lowerBound ? [front, back] : all
    }

    /// The facts in front of the text, with tricks by how often they occur.
    private func facts(of document: Document, _ text: TextTokens) -> TokenStream {
        let levels: [(ModelToken, Int)] = [
            (.hiddenWords, document.hiddenWords), (.zeroWidth, text.zeroWidthCount),
            (.mixedWords, text.mixedCount), (.spacedWords, text.spacedCount),
        ]
        let tricks = levels.compactMap { $0.token(forCount: $1) }
        var stream = TokenStream()
        let facts =
            steps.contains(.layoutFirst)
            ? DefaultProfile.layoutFirst(document.facts) + tricks : tricks + document.facts
        for fact in facts { stream.append(marker: fact) }
        return stream
    }

    /// Facts in the order of the step `layoutFirst`.
    private static func layoutFirst(_ facts: [String]) -> [String] {
        let front = facts.prefix(while: besideNetwork.contains)
        let others = facts.dropFirst(front.count).map {
            (fact: $0, isLayout: ModelToken($0)?.isLayout == true)
        }
        return front + others.filter(\.isLayout).map(\.fact)
            + others.filter { !$0.isLayout }.map(\.fact)
    }

    private static let besideNetwork = Set(
        ModelToken.Header.allCases.filter(\.isBesideNetwork).map(\.token))
}
