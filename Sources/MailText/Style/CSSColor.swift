import ASCIIText

/// A colour as CSS and the old HTML attributes write it.
struct CSSColor: Equatable {
    var rgb: RGB
    /// 0 for transparent, 1 for opaque.
    var alpha = 1.0

    static let black = CSSColor(RGB.black)
    static let link = CSSColor(RGB.link)
    static let transparent = CSSColor(RGB.black, alpha: 0)

    /// True when nobody can see text of this colour, whatever its background.
    var isInvisible: Bool { alpha <= Visibility.hiddenAlpha }

    /// The colour that a reader sees when this one lies over another.
    func over(_ under: RGB) -> RGB {
        func mix(_ top: Int, _ bottom: Int) -> Int {
            Int((Double(top) * alpha + Double(bottom) * (1 - alpha)).rounded())
        }
        return RGB(
            red: mix(rgb.red, under.red), green: mix(rgb.green, under.green),
            blue: mix(rgb.blue, under.blue))
    }

    init(_ rgb: RGB, alpha: Double = 1) {
        self.rgb = rgb
        self.alpha = min(max(alpha, 0), 1)
    }

    /// A CSS colour: a name, `#rgb` to `#rrggbbaa`, a function, `transparent`; nil for all else.
    ///
    /// - Parameters:
    ///   - value: The whole value.
    ///   - allowsBareDigits: True where `ffffff` is a colour (Quirks Mode Standard, section 3.1).
    init?(_ value: ArraySlice<UInt8>, allowsBareDigits: Bool = false) {
        let text = value.trimmingSpace()
        guard let first = text.first else { return nil }
        if first == UInt8(ascii: "#") {
            self.init(hex: text.dropFirst())
        } else if text.last == UInt8(ascii: ")") {
            self.init(function: text)
        } else if allowsBareDigits, text.count == 3 || text.count == 6,
            text.allSatisfy({ ASCII.hexValue($0) != nil })
        {
            self.init(hex: text)
        } else {
            let word = text.lowercasedASCII()
            if word.elementsEqual("transparent".utf8) {
                self.init(.black, alpha: 0)
            } else if let rgb = CSSColorNames.color(word) ?? CSSColorNames.systemColor(word) {
                self.init(rgb)
            } else {
                return nil
            }
        }
    }

    /// `rgb`, `rgba`, `rrggbb` or `rrggbbaa`; nil for other numbers of digits.
    private init?(hex digits: ArraySlice<UInt8>) {
        guard digits.count <= 8 else { return nil }
        let values = digits.compactMap(ASCII.hexValue).map(Int.init)
        guard values.count == digits.count else { return nil }
        switch values.count {
        case 3, 4:
            self.init(
                RGB(red: values[0] * 17, green: values[1] * 17, blue: values[2] * 17),
                alpha: values.count == 4 ? Double(values[3]) / 15 : 1)
        case 6, 8:
            self.init(
                RGB(
                    red: values[0] << 4 | values[1], green: values[2] << 4 | values[3],
                    blue: values[4] << 4 | values[5]),
                alpha: values.count == 8 ? Double(values[6] << 4 | values[7]) / 255 : 1)
        default: return nil
        }
    }

    /// The value of an old attribute such as `bgcolor`: nearly anything is a colour there (WHATWG
    /// HTML section 2.3.6, "legacy colour value").
    static func legacy(_ value: ArraySlice<UInt8>) -> RGB? {
        var text = value.trimmingSpace().prefix(128).lowercasedASCII()
        if text.isEmpty || text.elementsEqual("transparent".utf8) { return nil }
        if let named = CSSColorNames.color(text) { return named }
        if text.first == UInt8(ascii: "#"), text.count == 4,
            let short = CSSColor(text[...])
        {
            return short.rgb
        }
        if text.first == UInt8(ascii: "#") { text.removeFirst() }
        var digits = text.map { ASCII.hexValue($0).map(Int.init) ?? 0 }
        while digits.isEmpty || digits.count % 3 != 0 { digits.append(0) }
        let length = digits.count / 3
        var parts = (0..<3).map { Array(digits[($0 * length)..<(($0 + 1) * length)].suffix(8)) }
        while parts[0].count > 2, parts.allSatisfy({ $0[0] == 0 }) {
            parts = parts.map { Array($0.dropFirst()) }
        }
        let channels = parts.map { $0.count == 1 ? $0[0] : $0[0] << 4 | $0[1] }
        return RGB(red: channels[0], green: channels[1], blue: channels[2])
    }
}
