/// The `seed` profile: the original network's seven steps, in its order, each over the words of the
/// one before (model-recipe.md section 2). Linear in the text.
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
        default:
            // White space was collapsed by splitting; other steps are not of this profile.
            break
        }
    }

    /// `https?://\S+` or `www.\S+` becomes `URL`; what stands before it in the word stays.
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

    /// `\S+@\S+` becomes `email`: the whole word, since both sides reach as far as they can.
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

    /// `\w+` or one punctuation character; all is ASCII by now unless the spec says otherwise.
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

/// The English stop words of the Natural Language Toolkit, the list the original network used.
enum StopWords {
    static let english: Set<String> = Set(
        """
        i me my myself we our ours ourselves you you're you've you'll you'd your yours yourself
        yourselves he him his himself she she's her hers herself it it's its itself they them their
        theirs themselves what which who whom this that that'll these those am is are was were be
        been being have has had having do does did doing a an the and but if or because as until
        while of at by for with about against between into through during before after above below
        to from up down in out on off over under again further then once here there when where why
        how all any both each few more most other some such no nor not only own same so than too
        very s t can will just don don't should should've now d ll m o re ve y ain aren aren't
        couldn couldn't didn didn't doesn doesn't hadn hadn't hasn hasn't haven haven't isn isn't
        ma mightn mightn't mustn mustn't needn needn't shan shan't shouldn shouldn't wasn wasn't
        weren weren't won won't wouldn wouldn't
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
