import ASCIIText

/// The rules that look further ahead than a word: URLs, e-mail addresses, spaced-out letters. Each
/// moves ``index`` behind its match, or leaves it alone.
extension WordScanner {
    // MARK: URLs

    /// A URL that begins with `http://`, `https://`, `ftp://` or `www.`.
    ///
    /// Some data sets have their tokens set apart by spaces; then one space around `:`, `/` and `.`
    /// belongs to the URL.
    mutating func matchURL() -> [UInt8]? {
        guard beginsURL else { return nil }
        for (scheme, length) in WordScanner.schemes where startsWith(scheme, at: index) {
            var position = index + length
            var isSpaced = false
            guard take(":", &position, &isSpaced), take("/", &position, &isSpaced),
                take("/", &position, &isSpaced)
            else { continue }
            return urlText(prefix: "\(scheme)://", from: position, isSpaced: isSpaced)
        }
        guard startsWith("www", at: index) else { return nil }
        var position = index + 3
        var isSpaced = false
        guard take(".", &position, &isSpaced) else { return nil }
        return urlText(prefix: "www.", from: position, isSpaced: isSpaced)
    }

    /// Whether the first two letters are those of a URL, which few words have.
    @inline(__always)
    private var beginsURL: Bool {
        guard index + 1 < end else { return false }
        switch bytes[index] | 0x20 {
        case UInt8(ascii: "h"), UInt8(ascii: "f"):
            return bytes[index + 1] | 0x20 == UInt8(ascii: "t")
        case UInt8(ascii: "w"): return bytes[index + 1] | 0x20 == UInt8(ascii: "w")
        default: return false
        }
    }

    private mutating func urlText(prefix: String, from start: Int, isSpaced: Bool) -> [UInt8]? {
        var position = start
        if isSpaced, position < end, bytes[position] == 0x20 { position += 1 }
        guard position < end, WordScanner.isURLByte(bytes[position]) else { return nil }
        var text = Array(prefix.utf8)
        let limit = min(end, start + WordScanner.longestURL)
        while position < limit {
            let byte = bytes[position]
            if WordScanner.isURLByte(byte) {
                text.append(byte)
                position += 1
            } else if isSpaced, byte == 0x20, position + 1 < limit,
                joins(bytes[position - 1]) || joins(bytes[position + 1]),
                WordScanner.isURLByte(bytes[position + 1])
            {
                position += 1
            } else {
                break
            }
        }
        while let last = text.last, ".,;:!?)".utf8.contains(last) { text.removeLast() }
        index = position
        return text
    }

    private func joins(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":")
    }

    /// Whether lower-case ASCII text stands at an index, in whatever case.
    private func startsWith(_ text: StaticString, at start: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard start + count <= end else { return false }
        for offset in 0..<count {
            // The static string's storage is constant and lives as long as the program.
            if ASCII.lower(bytes[start + offset]) != text.utf8Start[offset] { return false }
        }
        return true
    }

    /// Moves behind a character, which may have a space in front.
    private func take(_ character: Unicode.Scalar, _ position: inout Int, _ spaced: inout Bool)
        -> Bool
    {
        let byte = UInt8(ascii: character)
        if position < end, bytes[position] == byte {
            position += 1
            return true
        }
        if position + 1 < end, bytes[position] == 0x20, bytes[position + 1] == byte {
            position += 2
            spaced = true
            return true
        }
        return false
    }

    // MARK: E-mail addresses

    /// `local@domain.tld`, with one space allowed around `@` and `.` for data sets whose tokens are
    /// set apart.
    mutating func matchAddress() -> Bool {
        guard index >= noAddressBefore else { return false }
        var position = index
        let limit = min(end, index + WordScanner.longestAddress)
        while position < limit, WordScanner.isLocalPartByte(bytes[position]) { position += 1 }
        var at = position
        if at < limit, bytes[at] == 0x20 { at += 1 }
        guard at < limit, bytes[at] == UInt8(ascii: "@") else {
            noAddressBefore = position
            return false
        }
        at += 1
        if at < end, bytes[at] == 0x20 { at += 1 }
        guard let last = domainEnd(from: at) else { return false }
        index = last
        return true
    }

    private func domainEnd(from start: Int) -> Int? {
        var position = start
        var labels = 0
        let limit = min(end, start + WordScanner.longestDomain)
        while position < limit {
            let labelStart = position
            while position < limit,
                ASCII.isLetterOrDigit(bytes[position]) || bytes[position] == UInt8(ascii: "-")
                    || bytes[position] >= 0x80
            {
                position += 1
            }
            guard position > labelStart else { break }
            labels += 1
            var next = position
            if next + 2 < limit, bytes[next] == 0x20, bytes[next + 1] == UInt8(ascii: "."),
                bytes[next + 2] == 0x20
            {
                next += 3
            } else if next + 1 < limit, bytes[next] == UInt8(ascii: ".") {
                next += 1
            } else {
                break
            }
            guard next < limit, ASCII.isLetterOrDigit(bytes[next]) else { break }
            position = next
        }
        return labels >= 2 ? position : nil
    }

    // MARK: Spaced-out letters

    /// Four or more single letters with signs between each two: one of any kind, or up to two of
    /// those that ``isLetterSeparator(_:)`` knows, and brackets; the letters in lower case.
    mutating func matchSpacedLetters() -> [UInt8]? {
        guard isSingleLetter(at: index) else { return nil }
        var letters: [UInt8] = []
        var position = index
        var lastEnd = index
        while position < end, isSingleLetter(at: position) {
            let next = position + 1
            letters.append(ASCII.lower(bytes[position]))
            lastEnd = next
            position = next
            guard let behind = separatorEnd(from: next) else { break }
            position = behind
        }
        guard letters.count >= WordScanner.leastSpacedLetters else { return nil }
        index = lastEnd
        return letters
    }

    /// The end of what stands between spaced-out letters, from the end of one letter on.
    private func separatorEnd(from start: Int) -> Int? {
        guard start < end else { return nil }
        if bytes[start] >= 0x80 { return start + scalar(at: start).length }
        var stop = start
        var signs = 0
        while stop < end, stop - start < WordScanner.longestSeparator {
            let isBracket = WordScanner.isBracket(bytes[stop])
            guard isBracket || WordScanner.isLetterSeparator(bytes[stop]) else { break }
            signs += isBracket ? 0 : 1
            guard signs <= WordScanner.mostSigns else { break }
            stop += 1
        }
        // Any other sign counts alone, but for those that stand for letters.
        guard stop == start else { return stop }
        return WordScanner.isMixingSign(bytes[start]) ? nil : start + 1
    }

    /// Whether a letter stands at an index with no letter or digit behind it.
    @inline(__always)
    private func isSingleLetter(at position: Int) -> Bool {
        guard ASCII.isLetter(bytes[position]) else { return false }
        let next = position + 1
        guard next < end, bytes[next] >= 0x80 else {
            return next >= end || !ASCII.isLetterOrDigit(bytes[next])
        }
        return CharacterClass.of(scalar(at: next).value).isDisjoint(with: [.letter, .digit])
    }
}
