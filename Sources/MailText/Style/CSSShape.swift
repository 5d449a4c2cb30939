import ASCIIText

/// Shapes and effects that leave nothing of an element.
enum CSSShape {
    private static func arguments(
        _ value: ArraySlice<UInt8>, of name: StaticString
    ) -> ArraySlice<UInt8>? {
        guard value.startsIgnoringCase(name), value.last == UInt8(ascii: ")") else { return nil }
        return value[(value.startIndex + name.utf8CodeUnitCount)..<(value.endIndex - 1)]
    }

    /// Whether a `clip` leaves nothing (CSS 2.1 section 11.1.2); nil when it is invalid.
    static func isClipEmpty(_ value: ArraySlice<UInt8>) -> Bool? {
        if value.equalsIgnoringCase("auto") { return false }
        guard let inside = arguments(value, of: "rect(") else { return nil }
        let words = inside.split { $0 == UInt8(ascii: ",") || ASCII.isSpace($0) }
        guard words.count == 4 else { return nil }
        var sides: [Double?] = []
        for word in words {
            if word.equalsIgnoringCase("auto") {
                sides.append(nil)
            } else {
                guard let length = CSSLength(word), !length.hasPercent else { return nil }
                sides.append(length.pixels(em: CSSValue.defaultFontSize))
            }
        }
        func isFlat(_ low: Double?, _ high: Double?) -> Bool {
            high.map { $0 - max(low ?? 0, 0) <= Visibility.hiddenSide } ?? false
        }
        return isFlat(sides[0], sides[2]) || isFlat(sides[3], sides[1])
    }

    /// Whether a `clip-path` leaves nothing (CSS Masking Level 1); nil when it is no shape.
    static func isPathEmpty(_ value: ArraySlice<UInt8>) -> Bool? {
        if value.equalsIgnoringCase("none") { return false }
        if let inside = arguments(value, of: "inset(") { return isInsetEmpty(inside) }
        if let inside = arguments(value, of: "circle(") {
            return StyleDeclaration.words(inside).first.map(isNothing) ?? false
        }
        if let inside = arguments(value, of: "ellipse(") {
            return StyleDeclaration.words(inside).prefix(2).contains(where: isNothing)
        }
        if let inside = arguments(value, of: "polygon(") {
            let points = inside.split(separator: UInt8(ascii: ","))
                .map { StyleDeclaration.words($0).map { Array($0) } }
                .filter { $0.count == 2 }
            guard let first = points.first else { return false }
            return points.count < 3 || points.allSatisfy { $0[0] == first[0] }
                || points.allSatisfy { $0[1] == first[1] }
        }
        return false
    }

    private static func isNothing(_ word: ArraySlice<UInt8>) -> Bool {
        guard let length = CSSLength(word), length.kind != .unknown else { return false }
        return length.pixels == 0 && length.ems == 0 && length.percent == 0
    }

    private static func isInsetEmpty(_ inside: ArraySlice<UInt8>) -> Bool {
        let words = StyleDeclaration.words(inside).prefix { !$0.equalsIgnoringCase("round") }
        guard (1...4).contains(words.count) else { return false }
        let lengths = words.map { CSSLength($0) ?? .unknown }
        let order = [[0, 0, 0, 0], [0, 1, 0, 1], [0, 1, 2, 1], [0, 1, 2, 3]][words.count - 1]
        func isEmpty(_ one: CSSLength, _ other: CSSLength) -> Bool {
            if one.kind == .unknown || other.kind == .unknown { return false }
            let fixed = one.pixels + other.pixels
            return one.percent + other.percent >= 100 && fixed >= 0
                || fixed >= 2 * CSSValue.windowSide
        }
        return isEmpty(lengths[order[0]], lengths[order[2]])
            || isEmpty(lengths[order[1]], lengths[order[3]])
    }

    /// Whether a `filter` makes all transparent; nil when it is invalid.
    static func filterHides(_ value: ArraySlice<UInt8>) -> Bool? {
        if value.equalsIgnoringCase("none") { return false }
        guard value.last == UInt8(ascii: ")"), !value.startsIgnoringCase("alpha("),
            !value.startsIgnoringCase("progid:")
        else { return nil }
        return StyleDeclaration.words(value).contains { word in
            arguments(word, of: "opacity(").flatMap { CSSLength($0)?.fraction }
                .map { $0 <= Visibility.hiddenOpacity } ?? false
        }
    }
}

/// What a `transform` does to a box, as far as it hides text.
struct CSSTransform {
    /// True when nothing is left of one dimension.
    var isFlat = false
    var x = CSSLength.auto
    var y = CSSLength.auto

    private static let flat = 0.01

    /// A list of functions; nil when one of them is invalid.
    init?(_ value: ArraySlice<UInt8>) {
        if value.equalsIgnoringCase("none") { return }
        for word in StyleDeclaration.words(value) {
            guard let open = word.firstIndex(of: UInt8(ascii: "(")), word.last == UInt8(ascii: ")")
            else { return nil }
            let parts = word[(open + 1)..<(word.endIndex - 1)].split(separator: UInt8(ascii: ","))
                .map { $0.trimmingSpace() }
            guard !parts.isEmpty else { return nil }
            let name = String(decoding: word[..<open].lowercasedASCII(), as: UTF8.self)
            guard apply(name, parts) else { return nil }
        }
    }

    private mutating func apply(_ name: String, _ parts: [ArraySlice<UInt8>]) -> Bool {
        func length(_ index: Int) -> CSSLength? {
            guard index < parts.count, var length = CSSLength(parts[index]) else { return nil }
            if length.kind == .number {
                guard length.pixels == 0 else { return nil }
                length.kind = .length
            }
            return length
        }
        func number(_ index: Int) -> Double? {
            index < parts.count ? CSSLength(parts[index])?.fraction : nil
        }
        switch name {
        case "translate", "translate3d", "translatex":
            guard let moved = length(0) else { return false }
            x = moved
            if name != "translatex", parts.count > 1 {
                guard let down = length(1) else { return false }
                y = down
            }
        case "translatey":
            guard let moved = length(0) else { return false }
            y = moved
        case "scale", "scalex", "scaley", "scale3d":
            let factors = parts.indices.prefix(2).map(number)
            guard factors.allSatisfy({ $0 != nil }) else { return false }
            if factors.contains(where: { abs($0 ?? 1) <= CSSTransform.flat }) { isFlat = true }
        case "matrix":
            guard parts.count == 6, let a = number(0), let b = number(1), let c = number(2),
                let d = number(3), let e = number(4), let f = number(5)
            else { return false }
            if abs(a * d - b * c) <= CSSTransform.flat { isFlat = true }
            x = CSSLength(fixed: e)
            y = CSSLength(fixed: f)
        case "rotatex", "rotatey":
            let quarter: [StaticString] = ["90deg", "270deg", "-90deg", ".25turn", "0.25turn"]
            if quarter.contains(where: parts[0].equalsIgnoringCase) { isFlat = true }
        case "rotate", "rotatez", "rotate3d", "skew", "skewx", "skewy", "matrix3d", "perspective",
            "translatez", "scalez":
            break
        default: return false
        }
        return true
    }

    /// Whether a `scale` leaves nothing; nil when it is invalid.
    static func scale(_ value: ArraySlice<UInt8>) -> Bool? {
        if value.equalsIgnoringCase("none") { return false }
        let factors = StyleDeclaration.words(value).map { CSSLength($0)?.fraction }
        guard !factors.isEmpty, factors.allSatisfy({ $0 != nil }) else { return nil }
        return factors.prefix(2).contains { abs($0 ?? 1) <= flat }
    }
}
