import ASCIIText

/// Text as a recipient sees it, with marks for what stands between the words.
public struct VisibleText: Sendable, Equatable {
    /// Something that is no text, at a place in the text.
    public struct Mark: Sendable, Equatable {
        public enum Kind: Sendable, Equatable {
            /// A link and its target, entities decoded.
            case link(String)
            /// An image; `isPixel` when a side is at most two pixels.
            case image(isPixel: Bool)
            /// A form control or embedded document, by element name.
            case element(String)
            /// The plain alternative of this HTML says something else.
            case alternativeDiffers
        }
        /// Byte offset in ``VisibleText/bytes``; marks are in ascending order.
        public var offset: Int
        public var kind: Kind
    }

    /// Valid UTF-8. Lines end in one line feed; white space of HTML is collapsed.
    public internal(set) var bytes: [UInt8] = []
    public internal(set) var marks: [Mark] = []
    /// The beginning of the text that HTML hides from the reader.
    public internal(set) var hiddenBytes: [UInt8] = []
    /// Words hidden from the reader.
    public internal(set) var hiddenWords = 0
    /// The beginning of the hidden text in front of all visible text: the preview that lists of
    /// messages show. Honest senders hide it in the message itself, so it is not counted as hidden.
    public internal(set) var preheader: [UInt8] = []
    /// Links whose text names another organisation's host than their target.
    public internal(set) var misleadingLinks = 0
    /// Counts of the tags in ``HTMLTagCounts``; nil when there was no HTML.
    public internal(set) var tagCounts: HTMLTagCounts?
    /// Bytes of HTML source behind the visible text.
    public internal(set) var htmlLength = 0

    init() {}

    /// The text as a string, for people.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Words in the sense of white-space separated runs; linear in the text.
    public var wordCount: Int { wordCount(upTo: .max) }

    /// True when there is a picture or a link, or anything else to see or to follow, beside words.
    var hasSomethingToSee: Bool {
        marks.contains { mark in
            switch mark.kind {
            case .image(let isPixel): !isPixel
            case .alternativeDiffers: false
            case .link, .element: true
            }
        }
    }

    /// Counts words until there are `limit` of them.
    func wordCount(upTo limit: Int) -> Int {
        var count = 0
        var inWord = false
        for byte in bytes {
            let isSpace = ASCII.isSpace(byte)
            if !isSpace, !inWord {
                count += 1
                if count >= limit { return count }
            }
            inWord = !isSpace
        }
        return count
    }

    /// Appends plain text, as far as the limit allows.
    mutating func append(
        plain text: ArraySlice<UInt8>, limits: MailLimits, defects: inout Set<Defect>
    ) {
        if !bytes.isEmpty, bytes.last != ASCII.lineFeed { bytes.append(ASCII.lineFeed) }
        let room = limits.textBytes - bytes.count
        if text.count > room { defects.insert(.limitText) }
        bytes.reserveCapacity(bytes.count + min(text.count, max(room, 0)))
        for byte in text.prefix(max(room, 0)) {
            if byte == ASCII.carriageReturn { continue }
            if byte == 0 { defects.insert(.nulByte) }
            bytes.append(byte == 0 ? ASCII.space : byte)
        }
        trimBrokenEnd()
    }

    /// Appends another text, its marks and its counts.
    mutating func append(_ other: VisibleText) {
        if !bytes.isEmpty, !other.bytes.isEmpty { bytes.append(ASCII.lineFeed) }
        let base = bytes.count
        bytes += other.bytes
        for mark in other.marks { marks.append(Mark(offset: base + mark.offset, kind: mark.kind)) }
        hiddenBytes += other.hiddenBytes
        hiddenWords += other.hiddenWords
        htmlLength += other.htmlLength
        if preheader.isEmpty { preheader = other.preheader }
        misleadingLinks += other.misleadingLinks
        if let counts = other.tagCounts {
            tagCounts = tagCounts.map { $0 + counts } ?? counts
        }
    }

    /// Marks and counts alone, of HTML whose words are not shown.
    var withoutText: VisibleText {
        var rest = self
        rest.bytes = []
        rest.marks = marks.map { Mark(offset: 0, kind: $0.kind) }
        return rest
    }

    /// True when more than half of the words, and more than ten, don't occur in another text.
    func differs(from other: VisibleText) -> Bool {
        let known = Set(other.wordHashes)
        let all = wordHashes
        let missing = all.reduce(0) { $0 + (known.contains($1) ? 0 : 1) }
        return missing > VisibleText.differingWords && missing * 2 > all.count
    }

    private static let differingWords = 10

    /// Words of letters and digits, lower case, as hashes; link targets are no words.
    private var wordHashes: [UInt64] {
        var result: [UInt64] = []
        var word = WordHash()
        for byte in bytes {
            if ASCII.isSpace(byte) {
                if word.isWord { result.append(word.hash) }
                word = WordHash()
            } else {
                word.add(byte)
            }
        }
        if word.isWord { result.append(word.hash) }
        return result
    }

    /// True when the plain alternative of this HTML says something else.
    public var hasDifferentAlternative: Bool { marks.contains { $0.kind == .alternativeDiffers } }

    mutating func markAlternative() {
        marks.append(Mark(offset: bytes.count, kind: .alternativeDiffers))
    }

    /// A limit may have cut the last character in two.
    mutating func trimBrokenEnd() {
        var index = bytes.count
        while index > 0, bytes.count - index < 4, bytes[index - 1] & 0xC0 == 0x80 { index -= 1 }
        guard index > 0, bytes[index - 1] >= 0xC0 else { return }
        let lead = bytes[index - 1]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        if bytes.count - index + 1 < length { bytes.removeSubrange((index - 1)...) }
    }
}

/// Hash (FNV-1a) of the letters and digits of one white-space separated run.
private struct WordHash {
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private var isEmpty = true
    private var hasSlash = false
    private var hasColon = false

    var isWord: Bool { !isEmpty && !(hasSlash && hasColon) }

    mutating func add(_ byte: UInt8) {
        if byte >= 0x80 || ASCII.isLetter(byte) || ASCII.isDigit(byte) {
            hash = (hash ^ UInt64(ASCII.lower(byte))) &* 0x100_0000_01B3
            isEmpty = false
        } else if byte == UInt8(ascii: "/") {
            hasSlash = true
        } else if byte == UInt8(ascii: ":") {
            hasColon = true
        }
    }
}

/// How often some tags occur: the look of a message, in numbers.
public struct HTMLTagCounts: Sendable, Equatable {
    /// The counted tags, in the order of the model's features.
    public static let names = [
        "font", "b", "center", "table", "img", "a", "br", "style", "span", "div", "form", "script",
    ]

    private static let slots: [Int8] = {
        var table = [Int8](repeating: -1, count: HTMLElement.count)
        let elements: [HTMLElement] = [
            .font, .b, .center, .table, .img, .a, .br, .style, .span, .div, .form, .script,
        ]
        for (slot, element) in elements.enumerated() { table[Int(element.rawValue)] = Int8(slot) }
        return table
    }()

    /// Occurrences, by the order of ``names``.
    public private(set) var counts = [Int](repeating: 0, count: names.count)

    init() {}

    mutating func count(_ element: HTMLElement) {
        let slot = Int(HTMLTagCounts.slots[Int(element.rawValue)])
        if slot >= 0 { counts[slot] += 1 }
    }

    static func + (left: HTMLTagCounts, right: HTMLTagCounts) -> HTMLTagCounts {
        var sum = left
        for index in sum.counts.indices { sum.counts[index] += right.counts[index] }
        return sum
    }
}
