import ASCIIText
import Glibc

/// What becomes of a word that the vocabulary lacks: the tricks that hide words are undone if that
/// gives a known word, else the word's shape stands for it.
struct UnknownWord {
    let vocabulary: Vocabulary
    let steps: StepSet

    /// A leet reading must give a word met in this many messages.
    private static let leetFrequency = 3
    /// Ambiguous characters of one word that are tried both ways.
    private static let ambiguousCharacters = 3
    private static let longestSegmentation = 60

    /// Appends the ids that stand for an unknown plain word.
    func appendWord(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) {
        if steps.contains(.lookalikes), word.contains(where: { $0 >= 0x80 }),
            let mapped = Lookalikes.mapped(word), let id = vocabulary.id(mapped[...])
        {
            append(marker: "<mixed>", to: &ids)
            ids.append(id)
        } else if !appendLeet(word, to: &ids) {
            appendShape(word, to: &ids)
        }
    }

    /// Appends the ids of a word with signs among its letters.
    func appendMixed(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) {
        if appendLeet(word, to: &ids) { return }
        for piece in word.split(whereSeparator: { !ASCII.isLetterOrDigit($0) }) {
            if let id = vocabulary.id(piece) {
                ids.append(id)
            } else {
                appendShape(piece, to: &ids)
            }
        }
    }

    /// Appends the known words that spaced-out letters most probably spell.
    ///
    /// The cheapest segmentation by dynamic programming: a word costs log(N / df) + 1, a single
    /// letter 9.
    func appendSpaced(_ letters: ArraySlice<UInt8>, to ids: inout [Int32]) {
        append(marker: "<spaced>", to: &ids)
        let text = Array(letters.prefix(UnknownWord.longestSegmentation))
        var cost = [Double](repeating: .infinity, count: text.count + 1)
        var last = [(start: Int, id: Int32)](repeating: (0, -1), count: text.count + 1)
        cost[0] = 0
        for end in 1...max(text.count, 1) where end <= text.count {
            for start in stride(from: end - 1, through: max(0, end - 24), by: -1) {
                var step = 9.0
                var id: Int32 = -1
                if end - start > 1 {
                    guard let known = vocabulary.id(text[start..<end]) else { continue }
                    let frequency = Double(max(vocabulary.documentFrequency[Int(known)], 1))
                    step = log(Double(max(vocabulary.documents, 1)) / frequency) + 1
                    id = known
                }
                if cost[start] + step < cost[end] {
                    cost[end] = cost[start] + step
                    last[end] = (start, id)
                }
            }
        }
        var found: [Int32] = []
        var end = text.count
        while end > 0 {
            if last[end].id >= 0 { found.append(last[end].id) }
            end = last[end].start
        }
        ids += found.reversed()
    }

    private func appendLeet(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) -> Bool {
        guard steps.contains(.leet), word.count >= 3, word.count <= 24,
            word.contains(where: { !Lookalikes.leetLetters($0).isEmpty }),
            word.contains(where: ASCII.isLetter)
        else { return false }
        var readings: [[UInt8]] = [[]]
        var ambiguous = 0
        for byte in word {
            let letters = Lookalikes.leetLetters(byte)
            if letters.isEmpty {
                for index in readings.indices { readings[index].append(byte) }
            } else if letters.count == 1 || ambiguous >= UnknownWord.ambiguousCharacters {
                for index in readings.indices { readings[index].append(letters[0]) }
            } else {
                ambiguous += 1
                readings = letters.flatMap { letter in readings.map { $0 + [letter] } }
            }
        }
        for reading in readings {
            if let id = vocabulary.id(reading[...]),
                vocabulary.documentFrequency[Int(id)] >= UnknownWord.leetFrequency
            {
                append(marker: "<leet>", to: &ids)
                ids.append(id)
                return true
            }
        }
        return false
    }

    private func appendShape(_ word: ArraySlice<UInt8>, to ids: inout [Int32]) {
        guard steps.contains(.shapes) else {
            ids.append(Vocabulary.unknownID)
            return
        }
        append(marker: UnknownWord.shape(of: word), to: &ids)
    }

    private func append(marker: String, to ids: inout [Int32]) {
        if let id = vocabulary.id(marker) { ids.append(id) }
    }

    // MARK: Shapes

    /// Every shape token there is.
    static let shapes: [String] = {
        var all: [String] = []
        for length in ["s", "m", "l", "xl"] {
            for vowels in 0...3 { all.append("<o:w:\(length):\(vowels)>") }
            all.append("<o:d:\(length)>")
            all.append("<o:x:\(length)>")
        }
        return all
    }()

    /// The shape of a word: ASCII letters by the share of vowels, with digits, or another script;
    /// each by length.
    static func shape(of word: ArraySlice<UInt8>) -> String {
        var characters = 0
        var vowels = 0
        var hasDigit = false
        var isForeign = false
        for byte in word where byte & 0xC0 != 0x80 {
            characters += 1
            if byte >= 0x80 { isForeign = true }
            if ASCII.isDigit(byte) { hasDigit = true }
            switch byte {
            case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
                UInt8(ascii: "u"), UInt8(ascii: "y"):
                vowels += 1
            default: break
            }
        }
        let length = characters <= 4 ? "s" : characters <= 8 ? "m" : characters <= 14 ? "l" : "xl"
        if isForeign { return "<o:x:\(length)>" }
        if hasDigit { return "<o:d:\(length)>" }
        let share = vowels * 10 / max(characters, 1)
        let level = share == 0 ? 0 : share < 3 ? 1 : share < 5 ? 2 : 3
        return "<o:w:\(length):\(level)>"
    }
}
