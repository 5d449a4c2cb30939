/// How often some tags occur in HTML: facts about the look of a message.
public struct HTMLTagCounts: Sendable, Equatable {
    /// The counted tags, in the order of the model's features.
    public static let names = [
        "font", "b", "center", "table", "img", "a", "br", "style", "span", "div", "form", "script",
    ]

    /// The index into ``counts`` by element; -1 for elements that are not counted.
    private static let slots: [Int8] = {
        var table = [Int8](repeating: -1, count: HTMLElement.count)
        let elements: [HTMLElement] = [
            .font, .b, .center, .table, .img, .a, .br, .style, .span, .div, .form, .script,
        ]
        for (slot, element) in elements.enumerated() { table[Int(element.rawValue)] = Int8(slot) }
        return table
    }()

    /// Occurrences, by the order of ``names``.
    public private(set) var counts = [Int](repeating: 0, count: names.count)

    init() {}

    /// Counts a start tag, if its element is among ``names``.
    mutating func count(_ element: HTMLElement) {
        let slot = Int(HTMLTagCounts.slots[Int(element.rawValue)])
        if slot >= 0 { counts[slot] += 1 }
    }

    /// The sums of two counts, by element.
    static func + (left: HTMLTagCounts, right: HTMLTagCounts) -> HTMLTagCounts {
        var sum = left
        for index in sum.counts.indices { sum.counts[index] += right.counts[index] }
        return sum
    }
}
