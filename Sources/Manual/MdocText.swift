/// Text of a manual page in mdoc(7), line by line.
struct MdocText {
    private(set) var text = ""

    /// A macro with arguments that are macros and words already, such as `.Sh NAME`.
    mutating func macro(_ line: String) { text += ".\(line)\n" }

    /// Plain words: lines are joined and broken anew, empty ones divide paragraphs, and those that
    /// begin with four spaces are an example.
    mutating func words(_ words: String) {
        var paragraph: [Substring] = []
        var isExample = false
        var isFirst = true
        func flush(_ page: inout MdocText) {
            page.sentences(paragraph.joined(separator: " "))
            paragraph = []
        }
        for line in words.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("    ") {
                if !isExample {
                    flush(&self)
                    macro("Bd -literal -offset indent")
                }
                isExample = true
                text += MdocText.escaped(line.dropFirst(4)) + "\n"
            } else if line.isEmpty {
                flush(&self)
                isFirst = false
            } else {
                if isExample { macro("Ed") }
                // A paragraph after an example or after another one.
                if paragraph.isEmpty, !isFirst || isExample { macro("Pp") }
                isExample = false
                isFirst = true
                paragraph.append(line)
            }
        }
        if isExample { macro("Ed") }
        flush(&self)
    }

    /// The longest line of a page's source (mandoc(1), style messages).
    private static let columns = 78

    /// Sentences, each of which begins a line, so that the formatter knows where one ends.
    private mutating func sentences(_ paragraph: String) {
        var line = ""
        func flush(_ page: inout MdocText) {
            if !line.isEmpty { page.text += MdocText.escaped(line) + "\n" }
            line = ""
        }
        let words = paragraph.split(separator: " ")
        for (index, word) in words.enumerated() {
            if !line.isEmpty, line.count + 1 + word.count > MdocText.columns { flush(&self) }
            line += line.isEmpty ? String(word) : " \(word)"
            let next = index + 1 < words.count ? words[index + 1] : ""
            if word.hasSuffix("."), next.first?.isUppercase == true { flush(&self) }
        }
        flush(&self)
    }

    /// Text that roff prints as it is (roff(7)): no escape and no request.
    static func escaped(_ text: some StringProtocol) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            // Typographic signs have names that every terminal can show.
            case "…": result += "..."
            case "–": result += "\\(en"
            case "→": result += "\\(->"
            default: result.append(character)
            }
        }
        // Else mandoc(1) wants the markup of a function's name.
        result = result.replacing("()", with: "\\&()")
        if let first = result.first, first == "." || first == "'" { result = "\\&" + result }
        return result
    }

    /// An argument of a macro: quoted where it has spaces, without being taken for a macro.
    static func argument(_ text: some StringProtocol) -> String {
        let escaped = escaped(text).replacing("\"", with: "\\(dq")
        // Words of two or three letters, and signs, may be macros or delimiters (mdoc(7)).
        let isShort = escaped.count <= 3
        return "\"\(isShort ? "\\&" : "")\(escaped)\""
    }
}
