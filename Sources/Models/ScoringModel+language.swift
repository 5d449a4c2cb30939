import Languages
import MailText
import TextFeatures

extension ScoringModel {
    /// How far above the tag threshold a message must lie to be spam, because of its language: in
    /// units of the logit, 0 or more.
    ///
    /// The segment that decides is looked at where the whole message is in a language that asks for
    /// more: text that is added must not make spam look foreign. Takes some 100 µs.
    ///
    /// - Parameters:
    ///   - content: the message.
    ///   - tokens: the same, as the model reads it.
    /// - Returns: the margin that two fifths of the message or more ask for, infinite where the
    ///   model has learnt too little of their language; 0 when the language is not certain, or the
    ///   model does not say what it has learnt.
    public func languageMargin(_ content: MailContent, _ tokens: MessageTokens) -> Double {
        guard let learnt = bundle.languages, filtersSpam else { return 0 }
        let whole = learnt.margin(of: TextLanguage.all(of: content.textForLanguage))
        guard whole > 0, let ranges = decidingSegment(tokens.ids) else { return whole }
        return min(whole, learnt.margin(of: TextLanguage.all(of: text(of: ranges, tokens))))
    }

    /// What a message writes at some of its ids.
    private func text(of ranges: [Range<Int>], _ tokens: MessageTokens) -> [UInt8] {
        let document = tokens.document
        let origins = pipeline.origins(of: tokens.stream, in: vocabulary)
        var sources = pipeline.sources(of: tokens.stream, in: document)
        var text: [UInt8] = []
        var written = 0
        for token in ranges.joined().map({ origins[$0] }) {
            switch sources.source(of: token) {
            case .subject(let range): text += (document.subject ?? [])[range]
            case .body(let range) where range.upperBound > written:
                // Languages that put no spaces between words are cut into pieces that lie side by
                // side.
                text += document.body[max(range.lowerBound, written)..<range.upperBound]
                written = range.upperBound
                guard written < document.body.count, document.body[written] > UInt8(ascii: " ")
                else { break }
                continue
            case .body, .mark, .none: continue
            }
            text.append(UInt8(ascii: " "))
        }
        return text
    }
}

extension LearntLanguages {
    /// The share of a text in languages that ask for a margin from which on the text does:
    /// newsletters quote English titles, up to about as much as they say themselves.
    private static let foreignShare = 0.4

    /// The largest margin that two fifths of a text or more ask for.
    func margin(of text: [TextLanguage]) -> Double {
        func asks(for least: Double) -> Bool {
            let share = text.reduce(0) { margin(of: $1.code) >= least ? $0 + $1.share : $0 }
            return share >= LearntLanguages.foreignShare
        }
        return [.infinity, LearntLanguages.margin].first(where: asks) ?? 0
    }
}

extension MailContent {
    /// The text that the language is found by: subject and visible text.
    package var textForLanguage: [UInt8] {
        (subject.map { $0 + [UInt8(ascii: "\n")] } ?? []) + body.bytes.prefix(TextLanguage.longest)
    }
}
