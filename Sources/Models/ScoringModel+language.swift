import Languages
import MailText
import TextFeatures

extension ScoringModel {
    /// Whether a message is in languages of which the model has learnt too little to call it spam.
    ///
    /// The segment that decides is looked at where the whole message is in such a language: text
    /// that is added must not make spam look foreign. Takes some 100 µs.
    ///
    /// - Parameters:
    ///   - content: the message.
    ///   - ids: its ids, as ``ids(of:)`` gives them.
    /// - Returns: whether two fifths or more are in languages that are not learnt; false when that
    ///   is not certain, or the model does not say what it has learnt.
    public func isForeign(_ content: MailContent, _ ids: [Int32]) -> Bool {
        guard let learnt = bundle.languages, filtersSpam else { return false }
        func isForeign(_ text: some Collection<UInt8>) -> Bool {
            let languages = TextLanguage.all(of: text).filter { !learnt.isLearnt($0.code) }
            return languages.reduce(0) { $0 + $1.share } >= ScoringModel.foreignShare
        }
        guard isForeign(content.textForLanguage) else { return false }
        guard let ranges = decidingSegment(ids) else { return true }
        return isForeign(text(of: ranges, content))
    }

    /// The share of text in languages that are not learnt from which on a message is foreign:
    /// newsletters quote English titles, up to about as much as they say themselves.
    private static let foreignShare = 0.4

    /// What a message writes at some of its ids.
    private func text(of ranges: [Range<Int>], _ content: MailContent) -> [UInt8] {
        let document = Document(content)
        let stream = pipeline.tokens(of: document, traced: true)
        let origins = pipeline.origins(of: stream, in: vocabulary)
        var text: [UInt8] = []
        var written = 0
        for token in ranges.joined().map({ origins[$0] }) where token < stream.sources.count {
            switch stream.sources[token] {
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

extension MailContent {
    /// The text that the language is found by: subject and visible text.
    package var textForLanguage: [UInt8] {
        (subject.map { $0 + [UInt8(ascii: "\n")] } ?? []) + body.bytes.prefix(TextLanguage.longest)
    }
}
