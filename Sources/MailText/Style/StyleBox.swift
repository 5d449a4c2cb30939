/// The declared values of an element's box, which are not inherited, before they are put together.
struct StyleBox {
    var position = StyleValue.Position.inFlow
    var overflowX = StyleValue.Overflow.visible
    var overflowY = StyleValue.Overflow.visible
    var opacity = 1.0
    var backgroundColor: StyleValue.Paint?
    var hasImage = false
    var isClippedToText = false
    /// Few, so that a search is faster than a table.
    private var lengths: [(property: StyleProperty, length: CSSLength)] = []
    /// The properties that leave nothing of the box, as a set of bits.
    private var hiding: UInt64 = 0

    func length(_ property: StyleProperty) -> CSSLength {
        lengths.first { $0.property == property }?.length ?? .auto
    }

    mutating func set(_ property: StyleProperty, _ length: CSSLength) {
        if let index = lengths.firstIndex(where: { $0.property == property }) {
            lengths[index].length = length
        } else {
            lengths.append((property, length))
        }
    }

    mutating func setHiding(_ property: StyleProperty, _ hides: Bool) {
        let bit = StyleBox.bit(property)
        hiding = hides ? hiding | bit : hiding & ~bit
    }

    /// True when nothing of the box is left.
    ///
    /// - Parameters:
    ///   - isPositioned: True for a box that `clip` applies to.
    ///   - isInline: True for a box that only some of the properties apply to.
    /// - Returns: True when nothing is left.
    func hides(isPositioned: Bool, isInline: Bool) -> Bool {
        var applied = hiding
        if !isPositioned { applied &= ~StyleBox.bit(.clip) }
        if isInline {
            applied &=
                StyleBox.bit(.clip) | StyleBox.bit(.clipPath) | StyleBox.bit(.filter)
        }
        return applied != 0
    }

    private static func bit(_ property: StyleProperty) -> UInt64 {
        1 << UInt64(property.rawValue)
    }
}
