import ASCIIText

/// A number, a length or a percentage, also as the sum of them that `calc()` gives (CSS Values
/// Level 4).
struct CSSLength: Equatable {
    /// What the value is.
    enum Kind { case number, length, auto, unknown }

    var kind = Kind.length
    /// The number, or the absolute part in pixels.
    var pixels = 0.0
    /// The part in sizes of the font.
    var ems = 0.0
    /// The part in per cent of what the property refers to.
    var percent = 0.0

    static let auto = CSSLength(kind: .auto)
    static let unknown = CSSLength(kind: .unknown)
    /// Nested functions and parentheses that are followed.
    private static let maximumDepth = 8

    /// The length in pixels.
    ///
    /// - Parameters:
    ///   - em: The size of the font in pixels.
    ///   - whole: What 100 per cent are, if known.
    /// - Returns: The pixels; nil when they depend on a size that is not known.
    func pixels(em: Double, whole: Double? = nil) -> Double? {
        guard kind == .length || kind == .number && pixels == 0 else { return nil }
        let fixed = pixels + ems * em
        if !hasPercent { return fixed }
        return whole.map { fixed + percent / 100 * $0 }
    }

    /// True for a percentage alone, also for `0%`.
    var isPercentage: Bool { hasPercent && pixels == 0 && ems == 0 }
    private(set) var hasPercent = false

    /// A plain number, or a percentage as a fraction; nil for others.
    var fraction: Double? {
        if kind == .number { return pixels }
        return isPercentage ? percent / 100 : nil
    }

    /// An absolute length.
    init(fixed pixels: Double) { self.init(kind: .length, pixels: pixels) }

    private init(
        kind: Kind, pixels: Double = 0, ems: Double = 0, percent: Double = 0,
        hasPercent: Bool = false
    ) {
        self.kind = kind
        self.pixels = pixels
        self.ems = ems
        self.percent = percent
        self.hasPercent = hasPercent
    }

    /// A whole value: `12px`, `-1.5em`, `40%`, `0`, `calc(1px + 2em)`; nil for anything else.
    init?(_ text: ArraySlice<UInt8>) {
        let text = text.trimmingSpace()
        guard let first = text.first else { return nil }
        if ASCII.isLetter(first) || first == UInt8(ascii: "-") && text.last == UInt8(ascii: ")") {
            guard text.last == UInt8(ascii: ")") else { return nil }
            var index = text.startIndex
            guard let value = CSSLength.operand(text, &index, depth: 0), index == text.endIndex
            else { return nil }
            self = value
            return
        }
        var index = text.startIndex
        guard let value = CSSLength.token(text, &index), index == text.endIndex else { return nil }
        self = value
    }

    /// A number with its unit.
    private static func token(_ text: ArraySlice<UInt8>, _ index: inout Int) -> CSSLength? {
        guard let number = CSSValue.number(text[index...]),
            let end = CSSValue.endOfNumber(text[index...])
        else { return nil }
        var value = number.value
        var start = end
        var unit = number.unit
        // An exponent: `1e3px`.
        if unit.hasPrefix("e"), end + 1 < text.endIndex {
            let rest = text[(end + 1)...]
            if let exponent = CSSValue.number(rest), let after = CSSValue.endOfNumber(rest),
                !rest.prefix(upTo: after).contains(UInt8(ascii: ".")), abs(exponent.value) < 300
            {
                value = CSSLength.scaled(value, exponent: Int(exponent.value))
                unit = exponent.unit
                start = after
            }
        }
        index = start + unit.utf8.count
        switch unit {
        case "": return CSSLength(kind: .number, pixels: value)
        case "%": return CSSLength(kind: .length, percent: value, hasPercent: true)
        case "em": return CSSLength(kind: .length, ems: value)
        case "ex", "ch": return CSSLength(kind: .length, ems: value / 2)
        default:
            return CSSValue.pixels(of: value, unit: unit)
                .map { CSSLength(kind: .length, pixels: $0) }
        }
    }

    private static func scaled(_ value: Double, exponent: Int) -> Double {
        var result = value
        for _ in 0..<abs(exponent) { result = exponent > 0 ? result * 10 : result / 10 }
        return min(max(result, -1e15), 1e15)
    }

    // MARK: Arithmetic

    private static func operand(
        _ text: ArraySlice<UInt8>, _ index: inout Int, depth: Int
    ) -> CSSLength? {
        skip(text, &index)
        guard index < text.endIndex, depth < maximumDepth else { return nil }
        let name = text[index...].prefix { ASCII.isLetter($0) || $0 == UInt8(ascii: "-") }
        guard name.endIndex < text.endIndex, text[name.endIndex] == UInt8(ascii: "(") else {
            return token(text, &index)
        }
        index = name.endIndex + 1
        var values: [CSSLength] = []
        while true {
            guard let value = sum(text, &index, depth: depth + 1), index < text.endIndex,
                values.count < maximumDepth
            else { return nil }
            values.append(value)
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: ")") { break }
            guard byte == UInt8(ascii: ",") else { return nil }
        }
        return result(of: name, values)
    }

    private static func result(of name: ArraySlice<UInt8>, _ values: [CSSLength]) -> CSSLength? {
        if name.isEmpty || name.equalsIgnoringCase("calc")
            || name.equalsIgnoringCase("-webkit-calc")
        {
            return values.count == 1 ? values[0] : nil
        }
        let isPlain = values.allSatisfy {
            $0.kind == values[0].kind && $0.ems == 0 && !$0.hasPercent
        }
        let isMinimum = name.equalsIgnoringCase("min")
        guard isMinimum || name.equalsIgnoringCase("max") || name.equalsIgnoringCase("clamp") else {
            return nil
        }
        guard isPlain else { return .unknown }
        var best = values[0]
        if name.equalsIgnoringCase("clamp") {
            guard values.count == 3 else { return nil }
            best.pixels = max(values[0].pixels, min(values[1].pixels, values[2].pixels))
            return best
        }
        for value in values {
            best.pixels =
                isMinimum ? min(best.pixels, value.pixels) : max(best.pixels, value.pixels)
        }
        return best
    }

    private static func sum(
        _ text: ArraySlice<UInt8>, _ index: inout Int, depth: Int
    ) -> CSSLength? {
        guard var total = product(text, &index, depth: depth) else { return nil }
        while true {
            skip(text, &index)
            guard index < text.endIndex,
                text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-")
            else { return total }
            let sign = text[index] == UInt8(ascii: "+") ? 1.0 : -1.0
            index += 1
            guard let next = product(text, &index, depth: depth) else { return nil }
            if total.kind == .unknown || next.kind == .unknown {
                total = .unknown
                continue
            }
            guard next.kind == total.kind else { return nil }
            total.pixels += sign * next.pixels
            total.ems += sign * next.ems
            total.percent += sign * next.percent
            total.hasPercent = total.hasPercent || next.hasPercent
        }
    }

    private static func product(
        _ text: ArraySlice<UInt8>, _ index: inout Int, depth: Int
    ) -> CSSLength? {
        guard var total = operand(text, &index, depth: depth) else { return nil }
        while true {
            skip(text, &index)
            guard index < text.endIndex,
                text[index] == UInt8(ascii: "*") || text[index] == UInt8(ascii: "/")
            else { return total }
            let divides = text[index] == UInt8(ascii: "/")
            index += 1
            guard let next = operand(text, &index, depth: depth) else { return nil }
            if total.kind == .unknown || next.kind == .unknown {
                total = .unknown
            } else if next.kind == .number {
                total.multiply(
                    by: divides ? (next.pixels == 0 ? 1e15 : 1 / next.pixels) : next.pixels)
            } else if total.kind == .number, !divides {
                let factor = total.pixels
                total = next
                total.multiply(by: factor)
            } else {
                return nil
            }
        }
    }

    private mutating func multiply(by factor: Double) {
        pixels *= factor
        ems *= factor
        percent *= factor
    }

    private static func skip(_ text: ArraySlice<UInt8>, _ index: inout Int) {
        while index < text.endIndex, ASCII.isSpace(text[index]) { index += 1 }
    }
}
