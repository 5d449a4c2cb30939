import TextFeatures

/// Finds the text that the ids of a message stand for, as the message writes it.
package struct WrittenText {
    private let document: Document
    private let stream: TokenStream
    private var sources: TokenSources
    /// For each id, the index of its token.
    private let origins: [Int]
    /// Characters of one text but white space, at most.
    private static let longest = 80
    /// Two words with more bytes than this between them are shown apart: the pipeline left out what
    /// lies between.
    private static let gap = 60

    /// The texts of a document, by its tokens, their places and, for each id, the index of its
    /// token.
    package init(
        _ document: Document, _ stream: TokenStream, _ sources: TokenSources, _ origins: [Int]
    ) {
        self.document = document
        self.stream = stream
        self.sources = sources
        self.origins = origins
    }

    /// The text of the ids in a range: one line without control characters, facts in brackets.
    package mutating func text(of ids: Range<Int>) -> String {
        var pieces: [String] = []
        var open: (text: [UInt8], range: Range<Int>)?
        func close() {
            if let open {
                pieces.append(String(decoding: open.text[open.range], as: UTF8.self))
            }
            open = nil
        }
        func extend(_ text: [UInt8], _ range: Range<Int>, isSame: Bool) {
            if isSame, let last = open?.range, range.lowerBound >= last.lowerBound,
                range.lowerBound <= last.upperBound + WrittenText.gap
            {
                open?.range = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                close()
                open = (text, range)
            }
        }
        var last = TokenSource.none
        var spellings: [String] = []
        for id in ids {
            let token = origins[id]
            // Padding among the words of an imported model.
            guard token < stream.count else { continue }
            let source = sources.source(of: token)
            switch (source, last) {
            case (.subject(let range), .subject):
                extend(document.subject ?? [], range, isSame: true)
            case (.subject(let range), _):
                extend(document.subject ?? [], range, isSame: false)
            case (.body(let range), .body): extend(document.body, range, isSame: true)
            case (.body(let range), _): extend(document.body, range, isSame: false)
            case (.mark(let index), .mark(let before)) where index == before: break
            case (.mark(let index), _):
                close()
                pieces.append(WrittenText.name(of: document.marks[index].kind))
            case (.none, _):
                close()
                let spelling = stream.string(at: token)
                if let shown = WrittenText.shown(spelling) { pieces.append(shown) }
                spellings.append(spelling)
            }
            last = source
        }
        close()
        let line = WrittenText.line(pieces.joined(separator: " "))
        return line.isEmpty ? spellings.joined(separator: " ") : line
    }

    private static func name(of mark: Document.Mark.Kind) -> String {
        switch mark {
        case .link(let target): "[link \(target.prefix(longest))]"
        case .token(let token): shown(token) ?? token
        }
    }

    /// A token without text in the message: a fact as words in brackets; nil for the beginning of
    /// subject or body.
    private static func shown(_ token: String) -> String? {
        switch ModelToken(token) {
        case .subject, .body: nil
        case nil: token
        default: ModelToken.words(for: token).map { "[\($0)]" }
        }
    }

    /// White space as single spaces; nothing that a terminal, a page or a header field would act
    /// on.
    private static func line(_ text: String) -> String {
        var line = ""
        var isSpaced = true
        var count = 0
        for scalar in text.unicodeScalars {
            // Printable ASCII, which most text is, needs no table of properties.
            if !(0x21...0x7E).contains(scalar.value) {
                if scalar.properties.isWhitespace {
                    if !isSpaced { line.append(" ") }
                    isSpaced = true
                    continue
                }
                switch scalar.properties.generalCategory {
                case .control, .format, .privateUse, .surrogate, .unassigned: continue
                default: break
                }
            }
            guard count < longest else { return line + "…" }
            line.unicodeScalars.append(scalar)
            isSpaced = false
            count += 1
        }
        return isSpaced && !line.isEmpty ? String(line.dropLast()) : line
    }
}
