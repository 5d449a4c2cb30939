import ASCIIText

/// The words of a text, compared with those of another.
extension VisibleText {
    /// True when more than half of the words, and more than ``differingWords``, are missing in
    /// another text.
    func differs(from other: VisibleText) -> Bool {
        let all = wordHashes
        guard all.count > VisibleText.differingWords else { return false }
        let others = other.wordHashes
        func isMost(_ missing: Int) -> Bool {
            missing > VisibleText.differingWords && missing * 2 > all.count
        }
        // Most alternatives have the same words in the same order, which is quickly seen.
        guard isMost(VisibleText.wordsOutOfOrder(all, others)) else { return false }
        let known = Set(others)
        return isMost(all.reduce(0) { $0 + (known.contains($1) ? 0 : 1) })
    }

    /// True when more than ``differingWords`` words are missing in another text.
    ///
    /// What else there is does not matter; characters of ``WideSpace`` separate words, too.
    func addsWords(to other: VisibleText) -> Bool {
        let all = spacedWordHashes
        guard all.count > VisibleText.differingWords else { return false }
        let known = Set(other.spacedWordHashes)
        return all.count { !known.contains($0) } > VisibleText.differingWords
    }

    /// How many words are not found near where they are expected in other words.
    private static func wordsOutOfOrder(_ words: [UInt64], _ others: [UInt64]) -> Int {
        var count = 0
        var expected = 0
        for word in words {
            let end = min(others.count, expected + nearWords)
            var index = expected
            while index < end, others[index] != word { index += 1 }
            if index < end {
                expected = index + 1
            } else {
                count += 1
            }
        }
        return count
    }

    /// About how many bytes a word has.
    private static let wordBytes = 6
    /// Words that are searched for one: an alternative may leave out a few.
    private static let nearWords = 16

    /// So many words may differ: a footer, or "view in browser".
    static let differingWords = 10

    /// ``wordHashes`` with each ``WideSpace`` as a space.
    private var spacedWordHashes: [UInt64] {
        guard bytes.endOfASCII(from: 0) < bytes.count else { return wordHashes }
        var text = VisibleText()
        text.bytes.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let length = WideSpace.length(in: bytes, at: index)
            text.bytes.append(length > 0 ? ASCII.space : bytes[index])
            index += max(1, length)
        }
        return text.wordHashes
    }

    /// Hashes of the words, by their letters and digits in lower case; link targets are no words.
    private var wordHashes: [UInt64] {
        var result: [UInt64] = []
        result.reserveCapacity(bytes.count / VisibleText.wordBytes)
        var word = WordHash()
        // Pointers, because every byte of most alternatives passes here.
        WordHash.classes.withUnsafeBufferPointer { classes in
            bytes.withUnsafeBufferPointer { bytes in
                for byte in bytes {
                    let kind = classes[Int(byte)]
                    if kind > WordHash.lastMark {
                        word.add(kind)
                    } else if kind == WordHash.space {
                        if word.isWord { result.append(word.hash) }
                        word = WordHash()
                    } else {
                        word.marks |= kind
                    }
                }
            }
        }
        if word.isWord { result.append(word.hash) }
        return result
    }
}

/// Hash of the letters and digits of one word.
private struct WordHash {
    private var value: UInt64 = 0
    /// Bytes that are not in the value yet.
    private var chunk: UInt64 = 0
    private var count: UInt64 = 0
    /// ``slash`` and ``colon``, when the word has them.
    var marks: UInt8 = 0

    static let slash: UInt8 = 1
    static let colon: UInt8 = 2
    static let space: UInt8 = 4
    /// No letter or digit is as small.
    static let lastMark: UInt8 = 4

    /// By byte: letters and digits in lower case, or a mark; 0 for what doesn't count.
    static let classes: [UInt8] = (0...UInt8.max).map { byte in
        if byte >= 0x80 || ASCII.isLetterOrDigit(byte) { return ASCII.lower(byte) }
        if ASCII.isSpace(byte) { return space }
        return byte == UInt8(ascii: "/") ? slash : byte == UInt8(ascii: ":") ? colon : 0
    }

    var hash: UInt64 { WordHash.mix(value, chunk ^ count << 56) }

    /// False for URLs and for punctuation.
    var isWord: Bool { count > 0 && marks != WordHash.slash | WordHash.colon }

    mutating func add(_ byte: UInt8) {
        chunk = chunk << 8 | UInt64(byte)
        count += 1
        if count & 7 == 7 {
            value = WordHash.mix(value, chunk)
            chunk = 0
        }
    }

    private static func mix(_ value: UInt64, _ more: UInt64) -> UInt64 {
        let product = (value ^ more) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 29
    }
}
