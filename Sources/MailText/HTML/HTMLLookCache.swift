/// The looks of elements in others, computed once for all that are alike.
///
/// Each slot holds the last result that fell into it: a document that makes every look-up fail
/// costs little more than one without the cache.
struct HTMLLookCache {
    private static let slotCount = 256

    private var looks: [HTMLElementLook?] = []
    private var lastNumber = 0
    /// True when some element moves its first line.
    private(set) var movesLines = false

    /// How an element looks.
    ///
    /// - Parameters:
    ///   - declared: What the element declares.
    ///   - outer: The style around it.
    /// - Returns: The look.
    mutating func look(of declared: HTMLElementStyle, in outer: SharedStyle) -> HTMLElementLook {
        if looks.isEmpty {
            looks = [HTMLElementLook?](repeating: nil, count: HTMLLookCache.slotCount)
        }
        let slot = (outer.number &* 37 &+ declared.number) & (HTMLLookCache.slotCount - 1)
        if let look = looks[slot], look.outer === outer, look.declared === declared { return look }
        lastNumber += 1
        let inner = SharedStyle(declared.inner(in: outer.value), number: lastNumber)
        if inner.lineX != 0 { movesLines = true }
        let look = HTMLElementLook(declared, in: outer, inner)
        looks[slot] = look
        return look
    }
}
