import ASCIIText
import CUnicode

/// Takes away what makes equal-looking text differ: invisible characters, compatibility forms
/// (full-width and mathematical letters) and accents. The only file that calls ICU's normaliser.
struct UnicodeFolding {
    /// The folded text as UTF-8.
    private(set) var bytes: [UInt8]
    /// Invisible characters that stood between two letters: nobody types those.
    private(set) var zeroWidthCount = 0

    /// - Parameter text: valid UTF-8 with at least one character that is not ASCII.
    init(_ text: ArraySlice<UInt8>, steps: StepSet) {
        var units: [UInt16] = []
        units.reserveCapacity(text.count)
        if steps.contains(.ignorables) {
            zeroWidthCount = UnicodeFolding.removeIgnorables(text, into: &units)
        } else {
            units = Array(String(decoding: text, as: UTF8.self).utf16)
        }
        if steps.contains(.compatibility) {
            units = UnicodeFolding.normalize(units, form: Int32(SIFTD_NFKC))
            // NFKC makes some fillers appear only now.
            if steps.contains(.ignorables) {
                units.removeAll { $0 >= 0x80 && CharacterClass.isIgnorable(UInt32($0)) }
            }
        }
        if steps.contains(.accents) {
            units = UnicodeFolding.normalize(units, form: Int32(SIFTD_NFD))
            units.removeAll { $0 >= 0x0300 && $0 <= 0x036F }
            units = UnicodeFolding.normalize(units, form: Int32(SIFTD_NFC))
        }
        bytes = UnicodeFolding.utf8(units)
    }

    /// Marks on one letter that are kept: the stream-safe format of UAX #15 section 13. Normalising
    /// sorts the marks of a letter, which takes the square of their number.
    private static let marksOnLetter = 30

    private static func removeIgnorables(
        _ text: ArraySlice<UInt8>, into units: inout [UInt16]
    ) -> Int {
        var zeroWidth = 0
        var previousIsLetter = false
        var pending = 0
        var marks = 0
        var override: Int?
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            let value = scalar.value
            if value == 0x202E {
                override = override ?? units.count
            } else if let start = override, value == 0x202C || value == 0x0A {
                zeroWidth += reverse(&units, from: start)
                override = nil
            }
            if value >= 0x80, CharacterClass.isIgnorable(value) {
                if previousIsLetter { pending += 1 }
                continue
            }
            let kind = value < 0x80 ? [] : CharacterClass.of(value)
            let isLetter =
                value < 0x80
                ? value | 0x20 >= 0x61 && value | 0x20 <= 0x7A : kind.contains(.letter)
            marks = kind.contains(.sortedMark) ? marks + 1 : 0
            if marks > marksOnLetter { continue }
            if isLetter { zeroWidth += pending }
            pending = 0
            previousIsLetter = isLetter
            if value < 0x1_0000 {
                units.append(UInt16(truncatingIfNeeded: value))
            } else if let pair = UTF16.encode(scalar) {
                units.append(contentsOf: pair)
            }
        }
        if let start = override { zeroWidth += reverse(&units, from: start) }
        return zeroWidth
    }

    /// Text behind a right-to-left override is shown backwards, unless its script runs so anyway.
    ///
    /// - Returns: 1 when there was anything to turn.
    private static func reverse(_ units: inout [UInt16], from start: Int) -> Int {
        let text = units[start...]
        let runsRight = text.allSatisfy { $0 < 0x0590 || $0 > 0x08FF && $0 < 0xD800 }
        guard runsRight, text.count > 1 else { return 0 }
        units[start...].reverse()
        return 1
    }

    /// The standard library's conversion takes several times as long on short texts.
    private static func utf8(_ units: [UInt16]) -> [UInt8] {
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
                var value: UInt32 = 0xFFFD
                if unit < 0xDC00, index < units.count, units[index] & 0xFC00 == 0xDC00 {
                    value = 0x1_0000 + UInt32(unit & 0x3FF) << 10 + UInt32(units[index] & 0x3FF)
                    index += 1
                }
                if let scalar = Unicode.Scalar(value), let bytes = UTF8.encode(scalar) {
                    result.append(contentsOf: bytes)
                }
            default:
                result.append(0xE0 | UInt8(truncatingIfNeeded: unit >> 12))
                result.append(0x80 | UInt8(truncatingIfNeeded: unit >> 6 & 0x3F))
                result.append(0x80 | UInt8(truncatingIfNeeded: unit & 0x3F))
            }
        }
        return result
    }

    private static func normalize(_ units: [UInt16], form: Int32) -> [UInt16] {
        guard !units.isEmpty else { return units }
        // Compatibility forms grow up to 18-fold; nearly all text stays about as long.
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
