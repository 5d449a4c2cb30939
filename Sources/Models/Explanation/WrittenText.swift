import TextFeatures

/// Finds the words of a message that its ids stand for, as they are written in it.
struct WrittenText {
    private let document: Document
    private let stream: TokenStream
    /// For each id, the place of its token.
    private let origins: [Int]
    /// Characters of one text at most.
    private static let longest = 80
    /// Bytes between two words from which on something was left out.
    private static let gap = 60

    init(_ document: Document, _ stream: TokenStream, _ origins: [Int]) {
        self.document = document
        self.stream = stream
        self.origins = origins
    }

    /// One line without control characters for the ids in a range.
    func text(of ids: Range<Int>) -> String {
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
        var names: [String] = []
        for id in ids {
            let token = origins[id]
            let source = token < stream.sources.count ? stream.sources[token] : .none
            switch (source, last) {
            case (.subject(let range), .subject):
                extend(document.subject ?? [], range, isSame: true)
            case (.subject(let range), _):
                extend(document.subject ?? [], range, isSame: false)
            case (.body(let range), .body): extend(document.body, range, isSame: true)
            case (.body(let range), _): extend(document.body, range, isSame: false)
            case (.mark(let place), .mark(let before)) where place == before: break
            case (.mark(let place), _):
                close()
                pieces.append(WrittenText.name(of: document.marks[place].kind))
            case (.none, _):
                close()
                if let name = FactName.of(stream.string(at: token)) { pieces.append(name) }
                names.append(stream.string(at: token))
            }
            last = source
        }
        close()
        let line = WrittenText.line(pieces.joined(separator: " "))
        return line.isEmpty ? names.joined(separator: " ") : line
    }

    private static func name(of mark: Document.Mark.Kind) -> String {
        switch mark {
        case .link(let target): "[link \(target.prefix(longest))]"
        case .token(let token): FactName.of(token) ?? token
        }
    }

    /// White space as single spaces; nothing that a terminal, a page or a header field would act on.
    private static func line(_ text: String) -> String {
        var line = ""
        var isSpaced = true
        var count = 0
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                if !isSpaced { line.append(" ") }
                isSpaced = true
                continue
            }
            switch scalar.properties.generalCategory {
            case .control, .format, .privateUse, .surrogate, .unassigned: continue
            default: break
            }
            guard count < longest else { return line + "…" }
            line.unicodeScalars.append(scalar)
            isSpaced = false
            count += 1
        }
        return isSpaced && !line.isEmpty ? String(line.dropLast()) : line
    }
}
