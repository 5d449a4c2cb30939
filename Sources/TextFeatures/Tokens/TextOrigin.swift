import ASCIIText

/// Where each character of a folded text stood before it was folded.
package struct TextOrigin {
    /// Starts of the characters in the folded text, ascending, and its end.
    ///
    /// Empty when the text is scanned as it is.
    private var folded: [Int] = []
    /// Starts of the same characters in the document, and the end.
    private var document: [Int] = []
    /// Bytes of the folded text that have an origin so far.
    private var reached = 0

    /// Bytes of a letter with all its diacritics, at most.
    ///
    /// Longer characters are hostile, and looking
    /// each up by its bytes would cost the square of their length.
    private static let longestCharacter = 200

    /// The origin of text that is scanned as it stands in the document.
    package init() {}

    /// Aligns a text with the result of folding it.
    ///
    /// Nil if that is not the characters folded one by one, as after a change of direction, or if a
    /// character is longer than any that people write: then positions can't be known.
    ///
    /// - Parameters:
    ///   - text: the text before folding; its indices are those of the document.
    ///   - result: the folded text.
    ///   - steps: those of the folding.
    package init?(_ text: ArraySlice<UInt8>, foldedTo result: [UInt8], steps: StepSet) {
        var position = text.startIndex
        // A text has few different characters, and folding one is expensive.
        var known: [[UInt8]: [UInt8]] = [:]
        while position < text.endIndex {
            let run = TextOrigin.run(of: text, at: position)
            guard let run else {
                // The only ASCII that folding removes.
                let isRemoved = steps.contains(.ignorables) && ASCII.isInvisible(text[position])
                let character = text[position..<(isRemoved ? position : position + 1)]
                guard add(character, at: position, result) else { return nil }
                position += 1
                continue
            }
            for character in String(decoding: text[run], as: UTF8.self) {
                let bytes = Array(character.utf8)
                guard bytes.count <= TextOrigin.longestCharacter else { return nil }
                let one = known[bytes] ?? UnicodeFolding(bytes[...], steps: steps).bytes
                known[bytes] = one
                guard add(one[...], at: position, result) else { return nil }
                position += bytes.count
            }
        }
        guard reached == result.count, position == text.endIndex else { return nil }
        folded.append(reached)
        document.append(position)
    }

    /// Adds a character and what it was folded to; false if the folded text goes on otherwise.
    private mutating func add(
        _ character: ArraySlice<UInt8>, at position: Int, _ result: [UInt8]
    ) -> Bool {
        let end = reached + character.count
        guard end <= result.count, result[reached..<end].elementsEqual(character) else {
            return false
        }
        folded.append(reached)
        document.append(position)
        reached = end
        return true
    }

    /// The bytes from an index on up to the next ASCII character that no other byte belongs to; nil
    /// where such a one stands, which most do, and which folding leaves alone.
    private static func run(of text: ArraySlice<UInt8>, at index: Int) -> Range<Int>? {
        func isAlone(_ index: Int) -> Bool {
            text[index] < 0x80 && (index + 1 == text.endIndex || text[index + 1] < 0x80)
        }
        if isAlone(index) { return nil }
        var end = index + 1
        while end < text.endIndex, !isAlone(end) { end += 1 }
        return index..<end
    }

    /// The bytes of the document that these bytes of the scanned text come from.
    package func original(_ range: Range<Int>) -> Range<Int> {
        guard !folded.isEmpty else { return range }
        let first = lastCharacter(startingAtOrBefore: range.lowerBound)
        let last = firstCharacter(startingAtOrBehind: range.upperBound)
        return document[first]..<max(document[first], document[last])
    }

    /// The index of a character, by binary search.
    private func lastCharacter(startingAtOrBefore position: Int) -> Int {
        var low = 0
        var high = folded.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if folded[middle] <= position { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// The index of a character, by binary search.
    private func firstCharacter(startingAtOrBehind position: Int) -> Int {
        var low = 0
        var high = folded.count - 1
        while low < high {
            let middle = (low + high) / 2
            if folded[middle] >= position { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
