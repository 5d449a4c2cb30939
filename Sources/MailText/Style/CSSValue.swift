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
    /// The width and the height in pixels of that window.
    static let windowSide = 100 * windowPercent

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
        return (sign * number / max(scale, 1), lowercase(unit))
    }

    /// A unit in lower case, as nearly all are written.
    private static func lowercase(_ unit: ArraySlice<UInt8>) -> String {
        unit.allSatisfy { ASCII.lower($0) == $0 }
            ? String(decoding: unit, as: UTF8.self)
            : String(decoding: unit.lowercasedASCII(), as: UTF8.self)
    }

    /// The index after the leading number, where its unit begins; nil when there is no number.
    static func endOfNumber(_ value: ArraySlice<UInt8>) -> Int? {
        var index = value.startIndex
        if index < value.endIndex,
            value[index] == UInt8(ascii: "-") || value[index] == UInt8(ascii: "+")
        {
            index += 1
        }
        let start = index
        while index < value.endIndex, ASCII.isDigit(value[index]) { index += 1 }
        if index + 1 < value.endIndex, value[index] == UInt8(ascii: "."),
            ASCII.isDigit(value[index + 1])
        {
            index += 1
            while index < value.endIndex, ASCII.isDigit(value[index]) { index += 1 }
        }
        return index > start ? index : nil
    }

    /// An absolute length in pixels (CSS Values Level 4, section 6.2); nil for other units.
    static func pixels(of number: Double, unit: String) -> Double? {
        switch unit {
        case "px": return number
        case "rem": return number * defaultFontSize
        case "pt": return number * 4 / 3
        case "pc": return number * 16
        case "in": return number * 96
        case "cm": return number * 96 / 2.54
        case "mm": return number * 96 / 25.4
        case "q": return number * 96 / 101.6
        case "vw", "vh", "vmin", "vmax": return number * windowPercent
        default: return nil
        }
    }
}
