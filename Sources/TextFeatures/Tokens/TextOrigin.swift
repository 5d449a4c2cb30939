/// Where each character of a folded text stood before it was folded.
package struct TextOrigin {
    /// Starts of the characters in the folded text, ascending, and its end.
    ///
    /// Empty when the text is scanned as it is.
    private var folded: [Int] = []
    /// Starts of the same characters in the document, and the end.
    private var document: [Int] = []

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
        var reached = 0
        // A text has few different characters, and folding one is expensive.
        var known: [[UInt8]: [UInt8]] = [:]
        for character in String(decoding: text, as: UTF8.self) {
            let bytes = Array(character.utf8)
            guard bytes.count <= TextOrigin.longestCharacter else { return nil }
            folded.append(reached)
            document.append(position)
            let foldedCharacter: [UInt8]
            if bytes.allSatisfy({ $0 < 0x80 }) {
                foldedCharacter = bytes
            } else if let before = known[bytes] {
                foldedCharacter = before
            } else {
                foldedCharacter = UnicodeFolding(bytes[...], steps: steps).bytes
                known[bytes] = foldedCharacter
            }
            guard result[reached...].starts(with: foldedCharacter) else { return nil }
            reached += foldedCharacter.count
            position += bytes.count
        }
        guard reached == result.count, position == text.endIndex else { return nil }
        folded.append(reached)
        document.append(position)
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
