import Testing

@testable import MailText

@Suite struct StyleBoxTests {
    @Test("A length that is set again replaces the one before")
    func lengths() {
        var box = StyleBox()
        #expect(box.length(.left) == .auto)
        box.set(.left, CSSLength(fixed: 1))
        box.set(.top, CSSLength(fixed: 3))
        box.set(.left, CSSLength(fixed: 2))
        #expect(box.length(.left) == CSSLength(fixed: 2))
        #expect(box.length(.top) == CSSLength(fixed: 3))
    }

    @Test(
        "What leaves nothing of a box depends on the kind of box",
        arguments: [
            (StyleProperty.clip, true, true, true), (.clip, false, false, false),
            (.filter, false, true, true), (.clipPath, false, true, true),
            (.transform, false, true, false), (.transform, false, false, true),
            (.contentVisibility, true, true, false), (.scale, true, false, true),
        ])
    func hiding(
        _ property: StyleProperty, _ isPositioned: Bool, _ isInline: Bool, _ hides: Bool
    ) {
        var box = StyleBox()
        box.setHiding(property, true)
        #expect(box.hides(isPositioned: isPositioned, isInline: isInline) == hides)
        box.setHiding(property, false)
        #expect(!box.hides(isPositioned: isPositioned, isInline: isInline))
    }
}
