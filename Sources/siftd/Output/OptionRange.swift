import ArgumentParser

/// The values that an option may have.
struct OptionRange<Value: Comparable> {
    private let option: String
    private let words: String
    private let contains: (Value) -> Bool

    /// Both ends are allowed.
    init(_ option: String, _ range: ClosedRange<Value>) {
        self.option = option
        words = "\(text(range.lowerBound)) to \(text(range.upperBound))"
        contains = range.contains
    }

    /// All but the upper end is allowed.
    init(_ option: String, _ range: Range<Value>) {
        self.option = option
        words = "\(text(range.lowerBound)) to below \(text(range.upperBound))"
        contains = range.contains
    }

    /// All above a value is allowed.
    init(_ option: String, above bound: Value) {
        self.option = option
        words = "above \(text(bound))"
        contains = { $0 > bound }
    }

    /// - Throws: `ValidationError` with option, value and range.
    func check(_ value: Value) throws {
        guard contains(value) else {
            throw ValidationError("\(option) is \(text(value)); it is \(words)")
        }
    }
}

/// A number without a fraction of zero.
private func text(_ value: some Comparable) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
