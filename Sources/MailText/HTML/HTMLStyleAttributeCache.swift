/// The declarations of the attributes `style` of a document, read once for those that are equal:
/// tags that differ in a link or a class often have the same.
///
/// Each slot holds the last result that fell into it, as in ``HTMLLookCache``.
struct HTMLStyleAttributeCache {
    private struct Entry {
        let source: Range<Int>
        let change: StyleChange
    }

    private static let slotCount = 256

    private var slots: [Entry?] = []

    /// The declarations of an attribute with a value in the document; nil when none are known.
    func find(_ range: Range<Int>, in bytes: [UInt8]) -> StyleChange? {
        guard !slots.isEmpty,
            let known = slots[HTMLStyleAttributeCache.slot(range, bytes)],
            HTMLElementStyleCache.isSame(known.source, range, in: bytes)
        else { return nil }
        return known.change
    }

    /// Keeps the declarations of an attribute.
    mutating func keep(_ change: StyleChange, of range: Range<Int>, in bytes: [UInt8]) {
        if slots.isEmpty {
            slots = [Entry?](repeating: nil, count: HTMLStyleAttributeCache.slotCount)
        }
        slots[HTMLStyleAttributeCache.slot(range, bytes)] = Entry(source: range, change: change)
    }

    private static func slot(_ range: Range<Int>, _ bytes: [UInt8]) -> Int {
        let hash = HTMLElementStyleCache.hash(of: range, in: bytes)
        return Int(truncatingIfNeeded: hash >> 32) & (slotCount - 1)
    }
}
