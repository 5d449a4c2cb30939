import TextFeatures

extension Document {
    /// A document of nothing but a body.
    static func body(_ text: String) -> Document {
        Document(subject: nil, body: Array(text.utf8), source: [])
    }
}

extension TextPipeline {
    /// The tokens of a body in the `default` profile, without the begins of subject and body and
    /// without facts.
    static func words(
        _ text: String, without missing: [TextPipelineSpec.Step] = []
    ) throws -> [String] {
        var spec = TextPipelineSpec.standard
        spec.steps.removeAll { $0 == .facts || missing.contains($0) }
        let tokens = try TextPipeline(spec).tokens(of: .body(text)).strings
        return Array(tokens.dropFirst(2))
    }
}

extension Vocabulary {
    /// A vocabulary of the `default` profile with some words, each in so many of 100 messages.
    static func of(_ words: KeyValuePairs<String, Int>) -> Vocabulary {
        let reserved = ["<pad>", "<unk>"] + ModelToken.markers
        let tokens = reserved.map { (Array($0.utf8), 0) } + words.map { (Array($0.utf8), $1) }
        return Vocabulary(
            tokens: tokens.map { (token: $0.0, documentFrequency: $0.1) }, documents: 100)
    }

    /// Ids as tokens with spaces between.
    func line(_ ids: [Int32]) -> String { ids.map(token).joined(separator: " ") }
}

/// UTF-8 of a text, as a slice.
func utf8(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }
