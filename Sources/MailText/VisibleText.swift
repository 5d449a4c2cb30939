import ASCIIText

/// The text that a recipient sees, with marks for the links and images between the words.
public struct VisibleText: Sendable, Equatable {
    /// A link, an image or the like at an offset in the text.
    public struct Mark: Sendable, Equatable {
        /// What the mark stands for.
        public enum Kind: Sendable, Equatable {
            /// A link and its target, its character references decoded.
            case link(String)
            /// An image; `isPixel` when a side is at most two pixels.
            case image(isPixel: Bool)
            /// A form control or embedded document, by element name.
            case element(String)
            /// The plain alternative of this HTML has another text.
            case alternativeDiffers
        }
        /// Byte offset in ``VisibleText/bytes``.
        public var offset: Int
        /// What the mark stands for.
        public var kind: Kind
    }

    /// The text: valid UTF-8, lines end in one line feed, white space of HTML is collapsed.
    public internal(set) var bytes: [UInt8] = []
    /// Links, images and the like, in ascending order of their offsets.
    public internal(set) var marks: [Mark] = []
    /// The first words that HTML hides from the reader.
    public internal(set) var hiddenBytes: [UInt8] = []
    /// How many words HTML hides from the reader.
    public internal(set) var hiddenWords = 0
    /// The first words of hidden text before any visible text: the preview in lists of messages.
    ///
    /// Honest senders hide it in the message itself, so it does not count as hidden.
    public internal(set) var preheader: [UInt8] = []
    /// The text that styles hide and its places, as far as it is kept.
    var hiddenText = HiddenText()
    /// How many links show the host of another organisation than their target's.
    public internal(set) var misleadingLinks = 0
    /// Counts of the tags in ``HTMLTagCounts``; nil when there was no HTML.
    public internal(set) var tagCounts: HTMLTagCounts?
    /// Bytes of the HTML source, without carriage returns.
    public internal(set) var htmlLength = 0

    /// No text.
    init() {}

    /// The text as a string.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// How many words there are, separated by white space; linear in the length of the text.
    public var wordCount: Int { wordCount(upTo: .max) }

    /// True when there is an image, a link or another element to see or to follow.
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

    /// Appends plain text on a new line, as far as the limit allows.
    mutating func append(
        plain text: ArraySlice<UInt8>, limits: MailLimits, defects: inout Set<Defect>
    ) {
        if !bytes.isEmpty, bytes.last != ASCII.lineFeed { bytes.append(ASCII.lineFeed) }
        let room = limits.textBytes - bytes.count
        if text.count > room { defects.insert(.limitText) }
        bytes.reserveCapacity(bytes.count + min(text.count, max(room, 0)))
        var returns = 0
        var rest = text.prefix(max(room, 0))
        while let byte = rest.first {
            if byte == ASCII.carriageReturn {
                returns += 1
                rest = rest.dropFirst()
                continue
            }
            if returns > 0 {
                // Carriage returns alone are line ends, and break words as such.
                if byte != ASCII.lineFeed {
                    bytes.append(contentsOf: repeatElement(ASCII.lineFeed, count: returns))
                }
                returns = 0
            }
            if byte == 0 {
                defects.insert(.nulByte)
                bytes.append(ASCII.space)
                rest = rest.dropFirst()
                continue
            }
            let end = rest.firstIndex(
                of: 0, or: ASCII.carriageReturn, from: rest.startIndex + 1)
            bytes += rest[..<end]
            rest = rest[end...]
        }
        bytes.append(contentsOf: repeatElement(ASCII.lineFeed, count: returns))
        trimBrokenEnd()
    }

    /// Appends another text on a new line, with its marks and its counts.
    mutating func append(_ other: VisibleText) {
        if !bytes.isEmpty, !other.bytes.isEmpty { bytes.append(ASCII.lineFeed) }
        let base = bytes.count
        bytes += other.bytes
        if !other.hiddenText.isEmpty { hiddenText.append(other.hiddenText, at: base) }
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

    /// The marks and the counts without the text, for HTML whose words are not shown.
    var withoutText: VisibleText {
        var rest = self
        rest.bytes = []
        rest.marks = marks.map { Mark(offset: 0, kind: $0.kind) }
        rest.hiddenText = hiddenText.gathered(at: 0)
        return rest
    }

    /// The text and its marks without the counts, for text that stands beside that of a message.
    var withoutCounts: VisibleText {
        var rest = VisibleText()
        rest.bytes = bytes
        rest.marks = marks
        return rest
    }

    /// The text as if styles hid nothing; nil when they don't.
    var allShown: VisibleText? {
        guard !hiddenText.isEmpty else { return nil }
        var shown = hiddenText.shown(in: self)
        shown.hiddenText = HiddenText()
        shown.hiddenWords = 0
        shown.hiddenBytes = []
        shown.preheader = []
        return shown
    }

    /// True when the plain alternative of this HTML has another text.
    public var hasDifferentAlternative: Bool { marks.contains { $0.kind == .alternativeDiffers } }

    /// Adds the mark ``Mark/Kind/alternativeDiffers``.
    mutating func markAlternative() {
        marks.append(Mark(offset: bytes.count, kind: .alternativeDiffers))
    }

    /// Removes the last character if a limit cut it.
    mutating func trimBrokenEnd() {
        var index = bytes.count
        while index > 0, bytes.count - index < 4, bytes[index - 1] & 0xC0 == 0x80 { index -= 1 }
        guard index > 0, bytes[index - 1] >= 0xC0 else { return }
        let lead = bytes[index - 1]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        if bytes.count - index + 1 < length { bytes.removeSubrange((index - 1)...) }
    }
}
