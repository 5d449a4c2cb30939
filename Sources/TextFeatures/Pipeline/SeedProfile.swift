/// The `seed` profile: the seven steps of the original network's preparation.
///
/// They run in the order of the spec, each over the words that the step before left. Linear in the
/// text. It reads a message as sent, HTML tags and all, as the original did; it exists to reproduce
/// that network's scores. See `docs/model.md`.
struct SeedProfile {
    private let spec: TextPipelineSpec

    init(_ spec: TextPipelineSpec) { self.spec = spec }

    func tokens(of document: Document) -> TokenStream {
        var text = document.subject ?? []
        text.append(UInt8(ascii: "\n"))
        text += document.source
        let characters = String(decoding: text, as: UTF8.self).unicodeScalars.prefix(spec.textHead)
        var words = characters.split(whereSeparator: \.properties.isWhitespace).map(Array.init)
        for step in spec.steps { apply(step, to: &words) }
        var stream = TokenStream()
        for word in words where stream.count < document.tokenLimit {
            SeedProfile.split(word, into: &stream)
        }
        stream.isTokenCut = stream.count >= document.tokenLimit
        return stream
    }

    private func apply(_ step: TextPipelineSpec.Step, to words: inout [[Unicode.Scalar]]) {
        switch step {
        case .lowercase:
            words = words.map { word in
                word.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
            }
        case .urls: words = words.map(SeedProfile.replacingURL)
        case .emails: words = words.map(SeedProfile.replacingAddress)
        case .numbers: words = words.map(SeedProfile.replacingNumbers)
        case .stopwords:
            words.removeAll { word in
                StopWords.english.contains(String(String.UnicodeScalarView(word)))
            }
        case .nonASCII: words = words.map { $0.filter(\.isASCII) }
        case .whitespace:
            // Splitting into words has collapsed white space already. The step is in the list since
            // the original has it, and specs in bundles name it.
            break
        case .ignorables, .compatibility, .accents, .facts, .layoutFirst, .links, .capitals,
            .lookalikes, .leet, .spacedLetters, .shapes:
            // Steps of the `default` profile do nothing here.
            break
        }
    }

    /// `https?://\S+` or `www.\S+` becomes `URL`; characters in front of it in the word are kept.
    private static func replacingURL(_ word: [Unicode.Scalar]) -> [Unicode.Scalar] {
        for index in word.indices {
            for start in ["https://", "http://", "www."]
            where word[index] == start.unicodeScalars.first {
                let length = start.unicodeScalars.count
                if word.count > index + length,
                    word[index..<(index + length)].elementsEqual(start.unicodeScalars)
                {
                    return word[..<index] + Array("URL".unicodeScalars)
                }
            }
        }
        return word
    }

    /// `\S+@\S+` becomes `email`: the whole word, since the expression is greedy on both sides.
    private static func replacingAddress(_ word: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard word.count >= 3, word[1..<(word.count - 1)].contains("@") else { return word }
        return Array("email".unicodeScalars)
    }

    /// `\d+([.,]\d+)*` becomes `number`.
    private static func replacingNumbers(_ word: [Unicode.Scalar]) -> [Unicode.Scalar] {
        func isDigit(_ index: Int) -> Bool {
            index < word.count && word[index].properties.generalCategory == .decimalNumber
        }
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < word.count {
            guard isDigit(index) else {
                result.append(word[index])
                index += 1
                continue
            }
            while isDigit(index)
                || index < word.count && (word[index] == "." || word[index] == ",")
                    && isDigit(index + 1)
            {
                index += 1
            }
            result += "number".unicodeScalars
        }
        return result
    }

    /// `\w+` or one punctuation character.
    ///
    /// The step `non-ascii` has left ASCII alone, if the spec has it.
    private static func split(_ word: [Unicode.Scalar], into stream: inout TokenStream) {
        var run = ""
        func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
            scalar == "_" || scalar.properties.isAlphabetic
                || scalar.properties.numericType != nil
        }
        for scalar in word {
            if isWordCharacter(scalar) {
                run.unicodeScalars.append(scalar)
            } else {
                if !run.isEmpty { stream.append(run.utf8, .word) }
                run = ""
                if scalar.value > 0x20, scalar.value != 0x7F {
                    stream.append(String(scalar).utf8, .word)
                }
            }
        }
        if !run.isEmpty { stream.append(run.utf8, .word) }
    }
}
