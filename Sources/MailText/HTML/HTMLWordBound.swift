import ASCIIText

/// How many words a document has at most, without building its tree.
///
/// It counts what ``HTMLText`` shows and what it keeps as hidden, and reads tags and text as
/// ``HTMLTokenizer`` does. Where only the tree can say what is text, there may be any number of
/// words.
struct HTMLWordBound {
    private let document: [UInt8]
    private var reader: HTMLTokenizer
    private var count = 0
    private var isInXML = false
    /// The element of Office's settings that is open: its place among the names, and how many words
    /// are in front of it.
    private var settings: (name: Int, wordsBefore: Int)?

    /// Elements in `<xml>` whose text are settings of Office; Word shows none of it.
    private static let settingsNames: [StaticString] = [
        "o:officedocumentsettings", "o:documentproperties", "w:worddocument", "x:excelworkbook",
    ]

    private init(_ document: [UInt8]) {
        self.document = document
        reader = HTMLTokenizer(document)
    }

    /// Whether a document may have more words than a number, the settings of Office left out.
    static func mayExceed(_ limit: Int, in document: [UInt8]) -> Bool {
        var bound = HTMLWordBound(document)
        return bound.mayExceed(limit)
    }

    private mutating func mayExceed(_ limit: Int) -> Bool {
        while reader.index < document.count {
            let start = reader.index
            reader.index = document.firstIndex(of: UInt8(ascii: "<"), from: start)
            countWords(in: start..<reader.index)
            if reader.index < document.count, !readMarkup() { return true }
            if count > limit, settings == nil { return true }
        }
        return count > limit
    }

    // MARK: Words

    private mutating func countWords(in range: Range<Int>) {
        var index = range.lowerBound
        var isInWord = false
        while index < range.upperBound {
            let blank = blankLength(at: index)
            if blank > 0 {
                isInWord = false
                index += blank
                continue
            }
            // A character reference may be white space.
            if !isInWord || document[index] == UInt8(ascii: "&") { count += 1 }
            isInWord = true
            index += 1
        }
    }

    /// How many bytes there are at an index that separate words; 0 when there are none.
    @inline(__always)
    private func blankLength(at index: Int) -> Int {
        let byte = document[index]
        if byte >= 0x80 { return WideSpace.length(in: document, at: index) }
        if byte == UInt8(ascii: "&") {
            let rest = document[index...]
            return rest.starts(with: "&nbsp;".utf8) || rest.starts(with: "&#160;".utf8) ? 6 : 0
        }
        return byte == 0 || ASCII.isSpace(byte) ? 1 : 0
    }

    // MARK: Markup

    /// Reads the markup that begins with the `<` at the reader's index; false when the tree decides
    /// how the text behind it is read.
    private mutating func readMarkup() -> Bool {
        let start = reader.index
        let next = start + 1 < document.count ? document[start + 1] : ASCII.space
        switch next {
        case UInt8(ascii: "!"): reader.skipDeclaration()
        case UInt8(ascii: "?"): reader.skip(past: UInt8(ascii: ">"), from: start + 2)
        case UInt8(ascii: "/"): readEndTag()
        case _ where ASCII.isLetter(next): return readStartTag()
        default:
            // A lone `<` is text.
            count += 1
            reader.index = start + 1
        }
        return true
    }

    private mutating func readEndTag() {
        reader.index += 2
        guard reader.index < document.count else {
            // So is `</` at the end.
            count += 1
            return
        }
        guard ASCII.isLetter(document[reader.index]) else {
            reader.skip(past: UInt8(ascii: ">"), from: reader.index)
            return
        }
        let name = reader.name()
        readAttributes(areShown: false)
        if document[name].equalsIgnoringCase("xml") {
            isInXML = false
            settings = nil
        } else if let open = settings,
            document[name].equalsIgnoringCase(HTMLWordBound.settingsNames[open.name])
        {
            count = open.wordsBefore
            settings = nil
        }
    }

    private mutating func readStartTag() -> Bool {
        reader.index += 1
        let name = reader.name()
        let element = HTMLElement(name, in: document)
        readAttributes(areShown: element == .img || element == .image || element == .input)
        if element == .other {
            beginOther(name)
            return true
        }
        isInXML = false
        settings = nil
        switch element {
        case .style: _ = reader.rawText(of: .style)
        // In these even a style sheet may be text.
        case .svg, .math, .select, .template, .frameset, .plaintext: return false
        default: return !element.hasRawContent
        }
        return true
    }

    private mutating func beginOther(_ name: Range<Int>) {
        if document[name].equalsIgnoringCase("xml") {
            isInXML = true
        } else if isInXML, settings == nil, document[reader.index - 2] != UInt8(ascii: "/"),
            let index = HTMLWordBound.settingsNames.firstIndex(where: {
                document[name].equalsIgnoringCase($0)
            })
        {
            settings = (index, count)
        }
    }

    /// Reads up to the end of a tag, and counts the words of the attributes that a browser shows.
    private mutating func readAttributes(areShown: Bool) {
        while true {
            reader.skipSpaceAndSlashes()
            guard reader.index < document.count else { return }
            if document[reader.index] == UInt8(ascii: ">") {
                reader.index += 1
                return
            }
            guard let (name, value) = reader.attribute() else { return }
            if areShown,
                document[name].equalsIgnoringCase("alt")
                    || document[name].equalsIgnoringCase("value")
            {
                countWords(in: value)
            }
        }
    }
}
