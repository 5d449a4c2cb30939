import ASCIIText
import CUnicode

/// Text without the differences that a reader does not see or mind.
///
/// These are invisible characters, compatibility forms (full-width and mathematical letters) and
/// accents. With ``FoldedCharacter`` and ``ShownOrder`` the only file that calls ICU.
package struct UnicodeFolding {
    /// The folded text as UTF-8.
    package private(set) var bytes: [UInt8]
    /// Invisible characters between two letters, which nobody types, and turned passages.
    package private(set) var zeroWidthCount = 0

    /// Folds valid UTF-8 by those of the steps that are about characters; ASCII without control
    /// characters folds to itself.
    package init(_ text: ArraySlice<UInt8>, steps: StepSet) {
        // In most texts each character folds by itself, which a table knows.
        if steps.isSuperset(of: FoldedCharacter.steps), let folded = FoldedText(text) {
            self.init(folded)
        } else if steps.contains(.ignorables), let shown = ShownOrder(text) {
            // What controlled the order is gone.
            self.init(shown.bytes[...], steps: steps)
            zeroWidthCount += shown.turned
        } else {
            self.init(whole: text, steps: steps)
        }
    }

    private init(_ folded: FoldedText) {
        bytes = folded.bytes
        zeroWidthCount = folded.zeroWidthCount
    }

    /// Folds a text as a whole, whatever is in it.
    package init(whole text: ArraySlice<UInt8>, steps: StepSet) {
        var units: [UInt16] = []
        units.reserveCapacity(text.count)
        if steps.contains(.ignorables) {
            zeroWidthCount = UnicodeFolding.removeIgnorables(text, into: &units)
        } else {
            units = Array(String(decoding: text, as: UTF8.self).utf16)
        }
        if steps.contains(.compatibility) {
            units = UnicodeFolding.normalize(units, form: Int32(SIFTD_NFKC))
            // NFKC turns some characters into fillers.
            if steps.contains(.ignorables) {
                units.removeAll { $0 >= 0x80 && CharacterClass.isIgnorable(UInt32($0)) }
            }
        }
        if steps.contains(.accents) {
            units = UnicodeFolding.normalize(units, form: Int32(SIFTD_NFD))
            UnicodeFolding.removeDiacritics(&units)
            units = UnicodeFolding.normalize(units, form: Int32(SIFTD_NFC))
        }
        bytes = UnicodeFolding.utf8(units)
    }

    /// The accents of Latin, Greek and Cyrillic, and what else can be put on any letter: the blocks
    /// of combining marks and half marks.
    private static func isDiacritic(_ unit: UInt16) -> Bool {
        switch unit {
        case 0x0300...0x036F, 0x0483...0x0489, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF,
            0x20D0...0x20E2, 0x20E4...0x20FF, 0xFE20...0xFE2F:
            true
        default: false
        }
    }

    /// Marks that are part of the spelling, but not of Latin letters: points of Hebrew, Arabic and
    /// all other scripts, and the keycap of digits.
    static func isForeignMark(_ value: UInt32) -> Bool {
        guard value >= 0x0591, let scalar = Unicode.Scalar(value),
            CharacterClass.of(value).contains(.letter) || value == 0x20E3
        else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark: return true
        default: return false
        }
    }

    private static func isLatin(_ unit: UInt16) -> Bool {
        switch unit {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0x02AF, 0x1E00...0x1EFF: true
        default: false
        }
    }

    /// Removes diacritics from text in NFD, and marks of other scripts behind Latin letters.
    private static func removeDiacritics(_ units: inout [UInt16]) {
        var kept = 0
        var isOnLatin = false
        var index = 0
        while index < units.count {
            let unit = units[index]
            let isPair = unit & 0xFC00 == 0xD800 && index + 1 < units.count
            let value =
                isPair
                ? 0x1_0000 + UInt32(unit & 0x3FF) << 10 + UInt32(units[index + 1] & 0x3FF)
                : UInt32(unit)
            let length = isPair ? 2 : 1
            defer { index += length }
            if isDiacritic(unit) { continue }
            if isForeignMark(value) {
                if isOnLatin { continue }
            } else {
                isOnLatin = isLatin(unit)
            }
            for offset in 0..<length { units[kept + offset] = units[index + offset] }
            kept += length
        }
        units.removeLast(units.count - kept)
    }

    /// Whole phrases in one character, of which a message of any size could be made that folds to
    /// ten times as much: no others fold to more than six letters.
    private static let phrases: ClosedRange<UInt32> = 0xFDFA...0xFDFB

    /// Diacritics that are kept of one letter: the stream-safe format of UAX #15 section 13.
    ///
    /// Normalising sorts them, which takes the square of their number.
    private static let diacriticsOnLetter = 30

    /// Appends the text as UTF-16 without invisible characters.
    ///
    /// - Returns: see ``zeroWidthCount``.
    private static func removeIgnorables(
        _ text: ArraySlice<UInt8>, into units: inout [UInt16]
    ) -> Int {
        var zeroWidth = 0
        var previousIsLetter = false
        var pending = 0
        var diacritics = 0
        var index = text.startIndex
        func add(_ scalar: Unicode.Scalar) {
            let scalar =
                UnicodeFolding.phrases.contains(scalar.value)
                ? " " : Lookalikes.enclosed(scalar.value) ?? scalar
            let value = scalar.value
            if CharacterClass.isInvisible(value) {
                if previousIsLetter { pending += 1 }
                return
            }
            let kind = value < 0x80 ? [] : CharacterClass.of(value)
            let isLetter =
                value < 0x80
                ? value | 0x20 >= 0x61 && value | 0x20 <= 0x7A : kind.contains(.letter)
            diacritics = kind.contains(.reorderedDiacritic) ? diacritics + 1 : 0
            if diacritics > diacriticsOnLetter { return }
            if isLetter { zeroWidth += pending }
            pending = 0
            previousIsLetter = isLetter
            if value < 0x1_0000 {
                units.append(UInt16(truncatingIfNeeded: value))
            } else if let pair = UTF16.encode(scalar) {
                units.append(contentsOf: pair)
            }
        }
        while index < text.endIndex {
            if text[index] < 0x80 {
                add(Unicode.Scalar(text[index]))
                index += 1
                continue
            }
            let run = text[index...].prefix { $0 >= 0x80 }
            for scalar in String(decoding: run, as: UTF8.self).unicodeScalars { add(scalar) }
            index = run.endIndex
        }
        return zeroWidth
    }

    /// UTF-16 as UTF-8 in one pass, without a `String` between; a surrogate without its other half
    /// becomes U+FFFD.
    static func utf8(_ units: [UInt16]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(units.count + units.count / 2)
        var index = 0
        while index < units.count {
            let unit = units[index]
            index += 1
            switch unit {
            case 0..<0x80: result.append(UInt8(truncatingIfNeeded: unit))
            case 0x80..<0x800:
                result.append(0xC0 | UInt8(truncatingIfNeeded: unit >> 6))
                result.append(0x80 | UInt8(truncatingIfNeeded: unit & 0x3F))
            case 0xD800..<0xE000:
                var value = UInt32(unit)
                if unit < 0xDC00, index < units.count, units[index] & 0xFC00 == 0xDC00 {
                    value = 0x1_0000 + UInt32(unit & 0x3FF) << 10 + UInt32(units[index] & 0x3FF)
                    index += 1
                }
                result.appendUTF8(value)
            default:
                result.append(0xE0 | UInt8(truncatingIfNeeded: unit >> 12))
                result.append(0x80 | UInt8(truncatingIfNeeded: unit >> 6 & 0x3F))
                result.append(0x80 | UInt8(truncatingIfNeeded: unit & 0x3F))
            }
        }
        return result
    }

    /// The text in a normalisation form of ICU, or as it is if ICU fails.
    static func normalize(_ units: [UInt16], form: Int32) -> [UInt16] {
        guard !units.isEmpty else { return units }
        // Compatibility forms grow up to 18-fold; nearly all text is about as long.
        var capacity = units.count + units.count / 4 + 32
        while true {
            var needed: Int32 = 0
            let result = [UInt16](unsafeUninitializedCapacity: capacity) { target, count in
                // Both buffers live for the call; ICU writes at most `capacity` units.
                needed = units.withUnsafeBufferPointer { source in
                    siftd_normalize(
                        form, source.baseAddress, Int32(source.count), target.baseAddress,
                        Int32(capacity))
                }
                count = needed >= 0 && Int(needed) <= capacity ? Int(needed) : 0
            }
            if needed < 0 { return units }
            if Int(needed) <= capacity { return result }
            capacity = Int(needed)
        }
    }
}
