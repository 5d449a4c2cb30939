/// Values of CSS properties and of the old HTML attributes.
enum CSSValue {
    private static let named: [[UInt8]: RGB] = {
        let table: [(String, Int)] = [
            ("black", 0x000000), ("silver", 0xC0C0C0), ("gray", 0x808080), ("grey", 0x808080),
            ("white", 0xFFFFFF), ("maroon", 0x800000), ("red", 0xFF0000), ("purple", 0x800080),
            ("fuchsia", 0xFF00FF), ("magenta", 0xFF00FF), ("green", 0x008000), ("lime", 0x00FF00),
            ("olive", 0x808000), ("yellow", 0xFFFF00), ("navy", 0x000080), ("blue", 0x0000FF),
            ("teal", 0x008080), ("aqua", 0x00FFFF), ("cyan", 0x00FFFF), ("orange", 0xFFA500),
            ("snow", 0xFFFAFA), ("ivory", 0xFFFFF0), ("ghostwhite", 0xF8F8FF),
            ("whitesmoke", 0xF5F5F5), ("floralwhite", 0xFFFAF0), ("azure", 0xF0FFFF),
            ("mintcream", 0xF5FFFA), ("aliceblue", 0xF0F8FF), ("seashell", 0xFFF5EE),
            ("lightyellow", 0xFFFFE0), ("lightgray", 0xD3D3D3), ("lightgrey", 0xD3D3D3),
            ("gainsboro", 0xDCDCDC), ("darkgray", 0xA9A9A9), ("darkgrey", 0xA9A9A9),
            ("dimgray", 0x696969), ("beige", 0xF5F5DC), ("linen", 0xFAF0E6), ("gold", 0xFFD700),
            ("pink", 0xFFC0CB), ("brown", 0xA52A2A), ("tan", 0xD2B48C), ("crimson", 0xDC143C),
            ("darkred", 0x8B0000), ("darkblue", 0x00008B), ("darkgreen", 0x006400),
            ("royalblue", 0x4169E1), ("steelblue", 0x4682B4), ("lightblue", 0xADD8E6),
        ]
        return Dictionary(uniqueKeysWithValues: table.map { (Array($0.0.utf8), RGB(packed: $0.1)) })
    }()

    /// A colour: `#rgb`, `#rrggbb`, `rgb(…)`, `rgba(…)` or a name; old attributes omit the `#`.
    static func color(_ value: ArraySlice<UInt8>) -> RGB? {
        let text = value.trimmingSpace()
        guard let first = text.first else { return nil }
        if first == UInt8(ascii: "#") { return hexColor(text.dropFirst()) }
        if text.startsIgnoringCase("rgb") { return functionColor(text) }
        let word = text.prefix { !ASCII.isSpace($0) && $0 != UInt8(ascii: "!") }
        return named[word.lowercasedASCII()] ?? hexColor(word)
    }

    /// The first word of a shorthand value that is a colour.
    static func firstColor(_ value: ArraySlice<UInt8>) -> RGB? {
        if value.startsIgnoringCase("rgb") { return color(value) }
        for word in value.split(separator: ASCII.space).prefix(6) {
            if let color = color(word) { return color }
        }
        return nil
    }

    static func isTransparent(_ value: ArraySlice<UInt8>) -> Bool {
        if value.startsIgnoringCase("transparent") { return true }
        guard value.startsIgnoringCase("rgba") else { return false }
        return components(value).dropFirst(3).first.map { $0 <= 0.02 } ?? false
    }

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

    /// A leading decimal number and the unit behind it, in lower case. Always finite: digits beyond
    /// the fifteenth change nothing that can be seen.
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
            if ASCII.isDigit(value[index]), digits >= 15 {
                if scale == 0 { number *= 10 }
                if number > 1e15 { number = 1e15 }
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

    /// A font size in pixels; nil for words such as `small`.
    static func fontSize(_ value: ArraySlice<UInt8>) -> Double? {
        guard let number = number(value) else { return nil }
        switch number.unit {
        case "em", "rem": return number.value * 16
        case "%": return number.value * 0.16
        case "pt": return number.value * 4 / 3
        default: return number.value
        }
    }

    private static func hexColor(_ digits: ArraySlice<UInt8>) -> RGB? {
        var packed = 0
        var count = 0
        for byte in digits {
            guard let digit = ASCII.hexValue(byte), count < 6 else { break }
            packed = packed << 4 | Int(digit)
            count += 1
        }
        if count == 6 { return RGB(packed: packed) }
        guard count == 3, digits.count == 3 || !ASCII.isLetter(digits[digits.startIndex + 3]) else {
            return nil
        }
        return RGB(
            red: (packed >> 8) * 17, green: (packed >> 4 & 15) * 17, blue: (packed & 15) * 17)
    }

    private static func functionColor(_ text: ArraySlice<UInt8>) -> RGB? {
        let parts = components(text)
        guard parts.count >= 3 else { return nil }
        func channel(_ value: Double) -> Int { Int(min(max(value, 0), 255)) }
        return RGB(red: channel(parts[0]), green: channel(parts[1]), blue: channel(parts[2]))
    }

    private static func components(_ text: ArraySlice<UInt8>) -> [Double] {
        guard let open = text.firstIndex(of: UInt8(ascii: "(")) else { return [] }
        let inside = text[(open + 1)...].prefix { $0 != UInt8(ascii: ")") }
        return inside.split {
            $0 == UInt8(ascii: ",") || $0 == ASCII.space || $0 == UInt8(ascii: "/")
        }
        .prefix(4).compactMap { part in
            number(part).map { $0.unit == "%" ? $0.value * 2.55 : $0.value }
        }
    }
}
