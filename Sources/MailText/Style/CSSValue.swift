import ASCIIText

/// Numbers and lengths of CSS.
enum CSSValue {
    /// Pixels of a font size where no other is set.
    static let defaultFontSize = 16.0
    /// Decimal digits of a number that are read: a Double holds any fifteen exactly.
    private static let maximumDigits = 15
    /// Bound on numbers with more digits, so that they are finite.
    private static let largestNumber = 1e15
    /// Pixels of one per cent of a window: the preview of a mail client, 800 pixels wide.
    private static let windowPercent = 8.0

    /// True when a value names an image or a gradient.
    static func mentionsImage(_ value: ArraySlice<UInt8>) -> Bool {
        for index in value.indices {
            switch value[index] | 0x20 {
            case UInt8(ascii: "u") where value[index...].startsIgnoringCase("url("): return true
            case UInt8(ascii: "g") where value[index...].startsIgnoringCase("gradient"):
                return true
            default: break
            }
        }
        return false
    }

    /// A leading decimal number and the unit that follows it, in lower case.
    ///
    /// The number is finite: digits after the fifteenth change nothing that can be seen.
    static func number(_ value: ArraySlice<UInt8>) -> (value: Double, unit: String)? {
        var index = value.startIndex
        var sign = 1.0
        if index < value.endIndex,
            value[index] == UInt8(ascii: "-") || value[index] == UInt8(ascii: "+")
        {
            if value[index] == UInt8(ascii: "-") { sign = -1 }
            index += 1
        }
        var number = 0.0
        var scale = 0.0
        var digits = 0
        while index < value.endIndex {
            if ASCII.isDigit(value[index]), digits >= maximumDigits {
                if scale == 0 { number *= 10 }
                if number > largestNumber { number = largestNumber }
            } else if ASCII.isDigit(value[index]) {
                number = number * 10 + Double(value[index] - UInt8(ascii: "0"))
                scale *= 10
                digits += 1
            } else if value[index] == UInt8(ascii: "."), scale == 0 {
                scale = 1
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        let unit = value[index...].prefix { ASCII.isLetter($0) || $0 == UInt8(ascii: "%") }
        return (
            sign * number / max(scale, 1), String(decoding: unit.lowercasedASCII(), as: UTF8.self)
        )
    }

    /// A length in pixels (CSS Values Level 4, section 6).
    ///
    /// Nil for words, for percentages, and for numbers without a unit other than 0, which mean
    /// nothing in CSS.
    static func pixels(_ value: ArraySlice<UInt8>, em: Double = defaultFontSize) -> Double? {
        guard let number = number(value) else { return nil }
        switch number.unit {
        case "px": return number.value
        case "em": return number.value * em
        case "rem": return number.value * defaultFontSize
        case "ex", "ch": return number.value * em / 2
        case "pt": return number.value * 4 / 3
        case "pc": return number.value * 16
        case "in": return number.value * 96
        case "cm": return number.value * 96 / 2.54
        case "mm": return number.value * 96 / 25.4
        case "q": return number.value * 96 / 101.6
        case "vw", "vh": return number.value * windowPercent
        case "": return number.value == 0 ? 0 : nil
        default: return nil
        }
    }

    /// A font size in pixels; nil for words such as `small`.
    static func fontSize(_ value: ArraySlice<UInt8>, parent: Double) -> Double? {
        if let number = number(value), number.unit == "%" { return number.value / 100 * parent }
        return pixels(value, em: parent)
    }
}
