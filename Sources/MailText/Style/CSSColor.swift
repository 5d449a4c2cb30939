import ASCIIText

/// A colour as CSS and the old HTML attributes write it.
struct CSSColor: Equatable {
    var rgb: RGB
    /// 0 for transparent, 1 for opaque.
    var alpha = 1.0

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

    private init(_ rgb: RGB, alpha: Double = 1) {
        self.rgb = rgb
        self.alpha = min(max(alpha, 0), 1)
    }

    /// A CSS colour: a name, `#rgb` to `#rrggbbaa`, `rgb()`, `hsl()`, `transparent`.
    init?(_ value: ArraySlice<UInt8>) {
        let text = value.trimmingSpace()
        guard let first = text.first else { return nil }
        if first == UInt8(ascii: "#") {
            self.init(hex: text.dropFirst())
        } else if text.startsIgnoringCase("rgb") {
            let parts = CSSColor.components(text, percentOf: 255)
            guard parts.count >= 3 else { return nil }
            func channel(_ value: Double) -> Int { Int(min(max(value, 0), 255)) }
            self.init(
                RGB(red: channel(parts[0]), green: channel(parts[1]), blue: channel(parts[2])),
                alpha: parts.count > 3 ? parts[3] : 1)
        } else if text.startsIgnoringCase("hsl") {
            let parts = CSSColor.components(text, percentOf: 1)
            guard parts.count >= 3 else { return nil }
            self.init(
                CSSColor.rgb(hue: parts[0], saturation: parts[1], lightness: parts[2]),
                alpha: parts.count > 3 ? parts[3] : 1)
        } else {
            let word = text.prefix { !ASCII.isSpace($0) }.lowercasedASCII()
            if word.elementsEqual("transparent".utf8) {
                self.init(.black, alpha: 0)
            } else if let rgb = CSSColorNames.color(word) {
                self.init(rgb)
            } else {
                return nil
            }
        }
    }

    /// `rgb`, `rgba`, `rrggbb` or `rrggbbaa`; nil for other numbers of digits.
    private init?(hex digits: ArraySlice<UInt8>) {
        let values = digits.prefix { ASCII.hexValue($0) != nil }.compactMap(ASCII.hexValue)
            .map(Int.init)
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

    /// The numbers in the parentheses of a colour function; the fourth is the alpha.
    ///
    /// - Parameters:
    ///   - text: The function with its name.
    ///   - whole: The number that 100 % stands for, other than in the alpha.
    /// - Returns: At most four numbers.
    private static func components(
        _ text: ArraySlice<UInt8>, percentOf whole: Double
    ) -> [Double] {
        guard let open = text.firstIndex(of: UInt8(ascii: "(")) else { return [] }
        let inside = text[(open + 1)...].prefix { $0 != UInt8(ascii: ")") }
        let parts = inside.split {
            $0 == UInt8(ascii: ",") || $0 == ASCII.space || $0 == UInt8(ascii: "/")
        }
        return parts.prefix(4).enumerated().compactMap { index, part in
            CSSValue.number(part).map { number in
                number.unit == "%" ? number.value / 100 * (index == 3 ? 1 : whole) : number.value
            }
        }
    }

    /// The colour of an `hsl()` (CSS Color Module Level 4, section 7.1): the hue in degrees, the
    /// others from 0 to 1.
    private static func rgb(hue: Double, saturation: Double, lightness: Double) -> RGB {
        let saturation = min(max(saturation, 0), 1)
        let lightness = min(max(lightness, 0), 1)
        let turned = hue.truncatingRemainder(dividingBy: 360)
        let degrees = turned < 0 ? turned + 360 : turned
        func channel(_ offset: Double) -> Int {
            let k = (offset + degrees / 30).truncatingRemainder(dividingBy: 12)
            let amount = saturation * min(lightness, 1 - lightness)
            let value = lightness - amount * max(-1, min(k - 3, 9 - k, 1))
            return Int((min(max(value, 0), 1) * 255).rounded())
        }
        return RGB(red: channel(0), green: channel(8), blue: channel(4))
    }
}
