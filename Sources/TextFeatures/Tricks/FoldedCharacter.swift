import ASCIIText
import CUnicode

/// A character that folds to the same bytes whatever is around it.
///
/// That holds where Unicode has a boundary of normalisation in front of the character, and in front
/// of what each step makes of it (UAX #15 section 9): then a text folds to what its characters fold
/// to, one behind the other.
struct FoldedCharacter {
    /// The steps that the table is for: those of all models but old ones.
    static let steps: StepSet = [.ignorables, .compatibility, .accents]

    /// The bytes from the lowest on, and their number in the highest byte; ``dependent`` for a
    /// character that does not fold by itself.
    private let packed: UInt64

    private static let dependent = UInt64.max
    private static let mostBytes = 7
    private static let letterBit: UInt64 = 1 << 60
    private static let lengthShift: UInt64 = 56

    /// Latin, Greek, Cyrillic, Armenian, Hebrew and Arabic.
    private static let scripts: Range<UInt32> = 0x80..<0x700
    /// More Latin and Greek, punctuation and signs.
    private static let signs: Range<UInt32> = 0x1E00..<0x2C00
    private static let pictographs: Range<UInt32> = 0x1_F300..<0x1_FB00
    /// Punctuation and syllables of Chinese and Japanese.
    private static let kana: Range<UInt32> = 0x3000..<0x3100
    /// Letters in the width of ideographs.
    private static let wide: Range<UInt32> = 0xFF00..<0xFFF0

    /// The characters of these ranges, computed once.
    private static let table = [scripts, signs, pictographs, kana, wide].joined()
        .map { FoldedCharacter($0) }
    private static let pictographSlot = scripts.count + signs.count
    private static let kanaSlot = pictographSlot + pictographs.count
    private static let wideSlot = kanaSlot + kana.count

    /// The character of a scalar value; nil for one that does not fold by itself, and for those of
    /// other ranges.
    static func of(_ value: UInt32) -> FoldedCharacter? {
        let slot: Int
        if scripts.contains(value) {
            slot = Int(value - scripts.lowerBound)
        } else if signs.contains(value) {
            slot = scripts.count + Int(value - signs.lowerBound)
        } else if pictographs.contains(value) {
            slot = pictographSlot + Int(value - pictographs.lowerBound)
        } else if kana.contains(value) {
            slot = kanaSlot + Int(value - kana.lowerBound)
        } else if wide.contains(value) {
            slot = wideSlot + Int(value - wide.lowerBound)
        } else if isSyllable(value) {
            return FoldedCharacter(syllable: value)
        } else {
            return nil
        }
        let found = table[slot]
        return found.packed == dependent ? nil : found
    }

    /// True for a unified ideograph, which has no other form, and for a syllable of Hangul, which
    /// is put together again after it was taken apart.
    @inline(__always)
    private static func isSyllable(_ value: UInt32) -> Bool {
        (0x4E00..<0xA000).contains(value) || (0xAC00..<0xD7A4).contains(value)
    }

    /// A character that folds to itself.
    private init(syllable value: UInt32) {
        let bytes =
            UInt64(0xE0 | value >> 12) | UInt64(0x80 | value >> 6 & 0x3F) << 8
            | UInt64(0x80 | value & 0x3F) << 16
        let letter =
            CharacterClass.of(value).contains(.letter) ? FoldedCharacter.letterBit : 0
        packed = bytes | 3 << FoldedCharacter.lengthShift | letter
    }

    /// True for a letter.
    var isLetter: Bool { packed & FoldedCharacter.letterBit != 0 }

    /// Appends what the character folds to.
    @inline(__always)
    func append(to bytes: inout [UInt8]) {
        var rest = packed
        for _ in 0..<(packed >> FoldedCharacter.lengthShift & 0xF) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    private init(_ value: UInt32) {
        packed = FoldedCharacter.packed(value) ?? FoldedCharacter.dependent
    }

    /// See ``packed``; nil for a character that does not fold by itself.
    private static func packed(_ value: UInt32) -> UInt64? {
        let kind = CharacterClass.of(value)
        guard let scalar = Unicode.Scalar(value), !kind.contains(.ignorable),
            !kind.contains(.reorderedDiacritic), !UnicodeFolding.isForeignMark(value),
            siftd_has_boundary_before(Int32(SIFTD_NFKC), value)
        else { return nil }
        let text = String(scalar)
        let compatible = UnicodeFolding.normalize(Array(text.utf16), form: Int32(SIFTD_NFKC))
        let folded = UnicodeFolding(whole: Array(text.utf8)[...], steps: steps).bytes
        let result = String(decoding: folded, as: UTF8.self)
        guard folded.count <= mostBytes,
            hasBoundary(String(decoding: compatible, as: UTF16.self), form: SIFTD_NFD),
            hasBoundary(result, form: SIFTD_NFC)
        else { return nil }
        var packed = UInt64(folded.count) << lengthShift
        for (index, byte) in folded.enumerated() { packed |= UInt64(byte) << UInt64(index * 8) }
        return kind.contains(.letter) ? packed | letterBit : packed
    }

    /// True when there is a boundary in front of a text, if it is not empty.
    private static func hasBoundary(_ text: String, form: Int) -> Bool {
        text.unicodeScalars.first.map { siftd_has_boundary_before(Int32(form), $0.value) } ?? true
    }
}

/// A text of which each character folds by itself.
struct FoldedText {
    /// See ``UnicodeFolding/bytes``.
    private(set) var bytes: [UInt8] = []
    /// See ``UnicodeFolding/zeroWidthCount``.
    private(set) var zeroWidthCount = 0

    /// Folds valid UTF-8; nil when some character does not fold by itself.
    init?(_ text: ArraySlice<UInt8>) {
        bytes.reserveCapacity(text.count)
        var previousIsLetter = false
        // Invisible characters behind a letter.
        var pending = 0
        func read(isLetter: Bool) {
            if isLetter { zeroWidthCount += pending }
            pending = 0
            previousIsLetter = isLetter
        }
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] < 0x80 {
                let start = index
                index = text.endOfShownASCII(from: start)
                if index == start {
                    // A control character.
                    index += 1
                    if previousIsLetter { pending += 1 }
                    continue
                }
                bytes.append(copying: text[start..<index])
                read(isLetter: ASCII.isLetter(text[start]))
                previousIsLetter = ASCII.isLetter(text[index - 1])
                continue
            }
            guard let (value, length) = FoldedText.scalar(text, at: index) else { return nil }
            index += length
            if let character = FoldedCharacter.of(value) {
                character.append(to: &bytes)
                read(isLetter: character.isLetter)
            } else if CharacterClass.isInvisible(value), !ShownOrder.isControl(value) {
                if previousIsLetter { pending += 1 }
            } else {
                return nil
            }
        }
    }

    /// The scalar of the well-formed sequence at an index, and its bytes; nil for any other.
    private static func scalar(
        _ text: ArraySlice<UInt8>, at index: Int
    ) -> (value: UInt32, length: Int)? {
        let lead = text[index]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, lead <= 0xF4, index + length <= text.endIndex else { return nil }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = text[index + offset]
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let least: UInt32 = length == 4 ? 0x1_0000 : length == 3 ? 0x800 : 0x80
        return value >= least ? (value, length) : nil
    }
}
