import ASCIIText

/// The words of HTML: decoding, collapsing of white space, shown or hidden.
extension HTMLText {
    /// Where text stands, which may decide whether it is seen whatever its style is.
    enum Place {
        /// In the document or a formula.
        case document
        /// In a drawing: some clients draw its words.
        case drawing
        /// In a style sheet or script of a drawing.
        case sheet
    }

    /// Reads a piece of text, and shows or hides it.
    ///
    /// - Parameters:
    ///   - range: The text in the document.
    ///   - place: Where it stands.
    ///   - hasReferences: True when character references in it count.
    mutating func text(_ range: Range<Int>, in place: Place = .document, hasReferences: Bool) {
        var decoded: [UInt8]?
        if hasReferences,
            bytes.firstIndex(
                of: UInt8(ascii: "&"), from: range.lowerBound, to: range.upperBound)
                < range.upperBound
        {
            decoded = HTMLText.decodedText(range, of: bytes)
        }
        let text = decoded.map { $0[...] } ?? bytes[range]
        guard style.hidesText || place != .document else { return appendText(text) }
        hide(text)
        if place == .document || place == .drawing && !style.hidesText {
            result.hiddenText.append(text, at: result.bytes.count)
        }
    }

    /// Text with its character references decoded.
    private static func decodedText(_ range: Range<Int>, of bytes: [UInt8]) -> [UInt8] {
        let ampersand = UInt8(ascii: "&")
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let next = bytes.firstIndex(of: ampersand, from: index, to: range.upperBound)
            if next > index {
                text.append(copying: bytes[index..<next])
                index = next
            } else if let end = HTMLEntity.decode(
                bytes, at: index, end: range.upperBound, inAttribute: false, into: &text)
            {
                index = end
            } else {
                text.append(ampersand)
                index += 1
            }
        }
        return text
    }

    /// Appends visible text, white space collapsed unless preformatted.
    mutating func appendText(_ text: ArraySlice<UInt8>) {
        let isCut = result.bytes.count + text.count >= limits.textBytes
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte == 0 {
                // Browsers drop NUL (WHATWG HTML section 13.2.6.4.7).
                defects.insert(.nulByte)
                index += 1
            } else if ASCII.isSpace(byte) {
                if style.isPreformatted, byte == ASCII.lineFeed {
                    pendingBreak = true
                } else {
                    pendingSpace = true
                }
                index += 1
            } else {
                let end = HTMLText.endOfWords(text, from: index, isSingle: isCut)
                guard append(word: text[index..<end]) else { return }
                index = end
            }
        }
    }

    /// The end of the word at an index and, unless single words are wanted, of those behind it that
    /// are separated by one space each: there is nothing to collapse.
    private static func endOfWords(
        _ text: ArraySlice<UInt8>, from start: Int, isSingle: Bool
    ) -> Int {
        var end = start + 1
        while end < text.endIndex {
            let byte = text[end]
            // Neither NUL nor white space is above the space.
            if byte > ASCII.space {
                end += 1
            } else if byte == ASCII.space, !isSingle, end + 1 < text.endIndex,
                text[end + 1] > ASCII.space
            {
                end += 2
            } else if byte == 0 || ASCII.isSpace(byte) {
                break
            } else {
                end += 1
            }
        }
        return end
    }

    /// Appends bytes without white space, after what separates them from the text before.
    ///
    /// - Returns: False when the limit cuts them.
    private mutating func append(word: ArraySlice<UInt8>) -> Bool {
        guard result.bytes.count < limits.textBytes else {
            defects.insert(.limitText)
            return false
        }
        if pendingBreak {
            if !result.bytes.isEmpty { result.bytes.append(ASCII.lineFeed) }
        } else if pendingSpace, !result.bytes.isEmpty {
            result.bytes.append(ASCII.space)
        }
        pendingBreak = false
        pendingSpace = false
        // The separator may have taken the last byte that the limit allows.
        let room = max(1, limits.textBytes - result.bytes.count)
        if word.count == 1, let byte = word.first {
            result.bytes.append(byte)
        } else {
            result.bytes.append(copying: word.prefix(room))
        }
        if word.count > room { defects.insert(.limitText) }
        return word.count <= room
    }

    /// Counts hidden words and keeps the first ones; before any visible text they are the
    /// preheader.
    ///
    /// Words without letters or digits are ignored: honest newsletters hide filler of invisible
    /// characters.
    private mutating func hide(_ text: ArraySlice<UInt8>) {
        for word in text.split(whereSeparator: ASCII.isSpace) {
            guard word.contains(where: HTMLText.beginsText) else { continue }
            if result.bytes.isEmpty,
                result.preheader.count + word.count < HTMLText.maximumPreheaderBytes
            {
                if !result.preheader.isEmpty { result.preheader.append(ASCII.space) }
                result.preheader += word
                continue
            }
            result.hiddenWords += 1
            guard result.hiddenBytes.count + word.count < HTMLText.maximumHiddenBytes else {
                continue
            }
            if !result.hiddenBytes.isEmpty { result.hiddenBytes.append(ASCII.space) }
            result.hiddenBytes += word
        }
    }

    /// True for ASCII letters and digits and for the first bytes of other letters.
    ///
    /// Blanks, joiners, general punctuation and byte order marks begin with 0xC2, 0xCD, 0xE2 and
    /// 0xEF.
    private static func beginsText(_ byte: UInt8) -> Bool {
        ASCII.isLetterOrDigit(byte)
            || byte >= 0xC3 && byte != 0xCD && byte != 0xE2 && byte != 0xEF
    }
}
