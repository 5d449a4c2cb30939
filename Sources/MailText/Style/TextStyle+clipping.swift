/// Decides whether a box clips its text.
extension TextStyle {
    /// Applies what hides the overflow of a box, and what leaves it no room.
    mutating func clip(
        _ box: StyleBox, isPositioned: Bool, isInFlexibleBox: Bool, _ parent: TextStyle,
        _ traits: Traits
    ) {
        if box.position == .fixed {
            isClipped = false
            isPositionedClipped = false
        } else if box.position == .absolute {
            isClipped = parent.isPositionedClipped
        }
        // What the body clips, the window clips (CSS Overflow Level 3, section 3.3).
        guard self.box.hasSize, traits.element != .body, traits.element != .html else { return }
        let both = box.overflowX == .hidden || box.overflowY == .hidden
        let clipsX = both || box.overflowX == .clip
        let clipsY = both || box.overflowY == .clip
        // Items of a flexible box may grow, and shrink again.
        let isNarrow = isFlat(
            box, .width, .minWidth, .maxWidth, .paddingRight, whole: TextStyle.usualSide,
            ignoresSize: isInFlexibleBox)
        let isLow = isFlat(
            box, .height, .minHeight, .maxHeight, .paddingBottom,
            whole: isPositioned || traits.isQuirks ? TextStyle.usualSide : nil,
            ignoresSize: isInFlexibleBox)
        // A column of one pixel that breaks after every letter can't be read.
        if isNarrow && breaksWords { isRemoved = true }
        guard clipsX && isNarrow || clipsY && isLow else { return }
        isClipped = true
        if box.position != .inFlow { isPositionedClipped = true }
    }

    /// True when the box has next to no room from where its text begins (CSS 2.1 sections 10.4 and
    /// 10.7).
    private func isFlat(
        _ box: StyleBox, _ size: StyleProperty, _ minimum: StyleProperty, _ maximum: StyleProperty,
        _ padding: StyleProperty, whole: Double?, ignoresSize: Bool
    ) -> Bool {
        func pixels(_ property: StyleProperty, _ whole: Double?) -> Double? {
            let length = box.length(property)
            return length.kind == .auto ? nil : length.pixels(em: fontSize, whole: whole)
        }
        func isUnknown(_ property: StyleProperty) -> Bool { box.length(property).kind == .unknown }
        let isHeight = size == .height
        let declared = ignoresSize ? nil : pixels(size, whole)
        let limits = [declared, pixels(maximum, isHeight ? nil : whole)].compactMap { $0 }
        guard let smallest = limits.min(), !isUnknown(minimum), !isUnknown(padding) else {
            return false
        }
        let least = pixels(minimum, isHeight ? nil : whole) ?? 0
        let end = max(pixels(padding, TextStyle.usualSide) ?? 0, 0)
        return max(smallest, least, 0) + end <= Visibility.hiddenSide
    }
}
