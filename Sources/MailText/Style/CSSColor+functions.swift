import ASCIIText
import Glibc

/// The functions that give colours (CSS Color Module Level 4, sections 4 to 10).
extension CSSColor {
    /// A number in a colour function.
    private struct Part {
        var value: Double
        /// Empty, `%`, or a unit of angles.
        var unit: String

        /// The number, with 100 % as `whole`.
        func scaled(_ whole: Double) -> Double { unit == "%" ? value / 100 * whole : value }

        /// An angle in degrees; nil for other units.
        var degrees: Double? {
            switch unit {
            case "", "deg": return value
            case "turn": return value * 360
            case "grad": return value * 0.9
            case "rad": return value * 180 / .pi
            default: return nil
            }
        }
    }

    /// The functions of colours whose result this module doesn't always compute.
    static func isOpaqueFunction(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.last == UInt8(ascii: ")") else { return false }
        let names: [StaticString] = [
            "rgb(from ", "rgba(from ", "hsl(from ", "hsla(from ", "hwb(from ", "lab(from ",
            "lch(from ", "oklab(from ", "oklch(from ", "color(", "color-mix(", "light-dark(",
            "contrast-color(", "device-cmyk(",
        ]
        return names.contains(where: text.startsIgnoringCase)
    }

    init?(function text: ArraySlice<UInt8>) {
        guard let open = text.firstIndex(of: UInt8(ascii: "(")) else { return nil }
        let name = String(decoding: text[..<open].lowercasedASCII(), as: UTF8.self)
        let inside = text[(open + 1)..<(text.endIndex - 1)]
        switch name {
        case "light-dark":
            let comma = CSSSyntax.find(",", in: inside, from: inside.startIndex)
            self.init(inside[..<comma])
        case "color":
            guard let (space, rest) = CSSColor.firstWord(inside),
                let parts = CSSColor.parts(rest, allowsCommas: false)
            else { return nil }
            self.init(space: space, parts)
        case "rgb", "rgba", "hsl", "hsla":
            guard let parts = CSSColor.parts(inside, allowsCommas: true) else { return nil }
            self.init(name.hasPrefix("rgb") ? "rgb" : "hsl", parts)
        default:
            guard let parts = CSSColor.parts(inside, allowsCommas: false) else { return nil }
            self.init(name, parts)
        }
    }

    private init?(_ name: String, _ parts: [Part]) {
        let alpha = parts.count > 3 ? parts[3].scaled(1) : 1
        switch name {
        case "rgb":
            func channel(_ part: Part) -> Int { Int(min(max(part.scaled(255), 0), 255)) }
            guard parts.allSatisfy({ $0.unit == "" || $0.unit == "%" }) else { return nil }
            self.init(
                RGB(red: channel(parts[0]), green: channel(parts[1]), blue: channel(parts[2])),
                alpha: alpha)
        case "hsl":
            guard let hue = parts[0].degrees else { return nil }
            self.init(
                CSSColor.rgb(
                    hue: hue, saturation: parts[1].value / 100, lightness: parts[2].value / 100),
                alpha: alpha)
        case "hwb":
            guard let hue = parts[0].degrees else { return nil }
            self.init(
                CSSColor.rgb(hue: hue, white: parts[1].value / 100, black: parts[2].value / 100),
                alpha: alpha)
        case "lab":
            self.init(
                CSSColor.rgb(
                    lab: parts[0].scaled(100), parts[1].scaled(125), parts[2].scaled(125)),
                alpha: alpha)
        case "lch":
            guard let hue = parts[2].degrees else { return nil }
            let chroma = parts[1].scaled(150)
            self.init(
                CSSColor.rgb(
                    lab: parts[0].scaled(100), chroma * cos(hue * .pi / 180),
                    chroma * sin(hue * .pi / 180)), alpha: alpha)
        case "oklab":
            self.init(
                CSSColor.rgb(oklab: parts[0].scaled(1), parts[1].scaled(0.4), parts[2].scaled(0.4)),
                alpha: alpha)
        case "oklch":
            guard let hue = parts[2].degrees else { return nil }
            let chroma = parts[1].scaled(0.4)
            self.init(
                CSSColor.rgb(
                    oklab: parts[0].scaled(1), chroma * cos(hue * .pi / 180),
                    chroma * sin(hue * .pi / 180)), alpha: alpha)
        default: return nil
        }
    }

    /// `color(srgb …)` and `color(srgb-linear …)`; nil for other spaces.
    private init?(space: ArraySlice<UInt8>, _ parts: [Part]) {
        let values = parts.map { $0.scaled(1) }
        let alpha = parts.count > 3 ? values[3] : 1
        if space.equalsIgnoringCase("srgb") || space.equalsIgnoringCase("display-p3") {
            self.init(CSSColor.rgb(values[0], values[1], values[2]), alpha: alpha)
        } else if space.equalsIgnoringCase("srgb-linear") {
            self.init(CSSColor.rgb(linear: values[0], values[1], values[2]), alpha: alpha)
        } else {
            return nil
        }
    }

    // MARK: Reading

    private static func firstWord(
        _ text: ArraySlice<UInt8>
    ) -> (word: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        let text = text.trimmingSpace()
        guard let space = text.firstIndex(where: ASCII.isSpace) else { return nil }
        return (text[..<space], text[space...])
    }

    /// Three numbers and perhaps the alpha; nil for anything else.
    private static func parts(_ inside: ArraySlice<UInt8>, allowsCommas: Bool) -> [Part]? {
        let comma = UInt8(ascii: ",")
        let first = CSSSyntax.find(",", in: inside, from: inside.startIndex)
        var words: [ArraySlice<UInt8>]
        if first < inside.endIndex {
            guard allowsCommas else { return nil }
            words = pieces(inside, separator: ",").map { $0.trimmingSpace() }
            guard words.count == 3 || words.count == 4 else { return nil }
            // In the old syntax the three are all numbers or all percentages.
            let isMixed = words[0].last == UInt8(ascii: "%") && words[1].last != UInt8(ascii: "%")
            if isMixed || inside.last == comma { return nil }
        } else {
            let halves = pieces(inside, separator: "/")
            guard halves.count <= 2 else { return nil }
            words = pieces(halves[0].trimmingSpace(), separator: " \t\n\r\u{c}")
            guard words.count == 3 else { return nil }
            if halves.count == 2 { words.append(halves[1].trimmingSpace()) }
        }
        let parts = words.compactMap(part)
        return parts.count == words.count ? parts : nil
    }

    /// The pieces between separators outside parentheses, at most five; empty ones are left out
    /// between spaces only.
    private static func pieces(
        _ text: ArraySlice<UInt8>, separator: StaticString
    ) -> [ArraySlice<UInt8>] {
        var result: [ArraySlice<UInt8>] = []
        var start = text.startIndex
        while start <= text.endIndex, result.count < 5 {
            let end = CSSSyntax.find(separator, in: text, from: start)
            if separator.utf8CodeUnitCount == 1 || end > start { result.append(text[start..<end]) }
            start = end + 1
        }
        return result
    }

    private static func part(_ word: ArraySlice<UInt8>) -> Part? {
        if word.equalsIgnoringCase("none") { return Part(value: 0, unit: "") }
        if let end = CSSValue.endOfNumber(word), let number = CSSValue.number(word),
            end + number.unit.utf8.count == word.endIndex,
            ["", "%", "deg", "turn", "rad", "grad"].contains(number.unit)
        {
            return Part(value: number.value, unit: number.unit)
        }
        guard let length = CSSLength(word) else { return nil }
        if length.kind == .number { return Part(value: length.pixels, unit: "") }
        return length.isPercentage ? Part(value: length.percent, unit: "%") : nil
    }

    // MARK: Conversion

    /// Channels from 0 to 1.
    private static func rgb(_ red: Double, _ green: Double, _ blue: Double) -> RGB {
        func channel(_ value: Double) -> Int {
            value.isFinite ? Int((min(max(value, 0), 1) * 255).rounded()) : 0
        }
        return RGB(red: channel(red), green: channel(green), blue: channel(blue))
    }

    private static func rgb(linear red: Double, _ green: Double, _ blue: Double) -> RGB {
        func gamma(_ value: Double) -> Double {
            value <= 0.003_130_8 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
        }
        return rgb(gamma(red), gamma(green), gamma(blue))
    }

    /// The colour of an `hsl()` (section 7.1): the hue in degrees, the others from 0 to 1.
    private static func rgb(hue: Double, saturation: Double, lightness: Double) -> RGB {
        let saturation = min(max(saturation, 0), 1)
        let lightness = min(max(lightness, 0), 1)
        let turned = hue.truncatingRemainder(dividingBy: 360)
        let degrees = turned < 0 ? turned + 360 : turned
        func channel(_ offset: Double) -> Double {
            let k = (offset + degrees / 30).truncatingRemainder(dividingBy: 12)
            let amount = saturation * min(lightness, 1 - lightness)
            return lightness - amount * max(-1, min(k - 3, 9 - k, 1))
        }
        return rgb(channel(0), channel(8), channel(4))
    }

    /// The colour of an `hwb()` (section 8.1).
    private static func rgb(hue: Double, white: Double, black: Double) -> RGB {
        let white = min(max(white, 0), 1)
        let black = min(max(black, 0), 1)
        if white + black >= 1 {
            let gray = white / (white + black)
            return rgb(gray, gray, gray)
        }
        let pure = rgb(hue: hue, saturation: 1, lightness: 0.5)
        func channel(_ value: Int) -> Double { Double(value) / 255 * (1 - white - black) + white }
        return rgb(channel(pure.red), channel(pure.green), channel(pure.blue))
    }

    /// The colour of a `lab()` (section 9.3), whose white is D50.
    private static func rgb(lab lightness: Double, _ a: Double, _ b: Double) -> RGB {
        let middle = (min(max(lightness, 0), 100) + 16) / 116
        func cube(_ value: Double) -> Double {
            let cubed = value * value * value
            return cubed > 216.0 / 24_389 ? cubed : (116 * value - 16) * 27 / 24_389
        }
        let x = cube(middle + a / 500) * 0.964_295_676
        let y = cube(middle)
        let z = cube(middle - b / 200) * 0.825_104_603
        // From D50 to linear sRGB in one matrix.
        return rgb(
            linear: 3.134_136 * x - 1.617_386 * y - 0.490_662 * z,
            -0.978_795 * x + 1.916_254 * y + 0.033_443 * z,
            0.071_955 * x - 0.228_977 * y + 1.405_386 * z)
    }

    /// The colour of an `oklab()` (section 9.4).
    private static func rgb(oklab lightness: Double, _ a: Double, _ b: Double) -> RGB {
        let lightness = min(max(lightness, 0), 1)
        func cube(_ value: Double) -> Double { value * value * value }
        let long = cube(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b)
        let middle = cube(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b)
        let short = cube(lightness - 0.089_484_177_5 * a - 1.291_485_548 * b)
        return rgb(
            linear: 4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
            -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
            -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701 * short)
    }
}
