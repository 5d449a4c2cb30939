import Testing

@testable import MailText

@Suite struct StyleDeclarationsTests {
    private func declarations(_ css: String) -> StyleDeclarations {
        StyleChange(css.slice).effective
    }

    @Test(
        "Values of display fall into the kinds that matter",
        arguments: [
            ("none", StyleDeclarations.Display.none), ("NONE", StyleDeclarations.Display.none),
            ("block", .block),
            ("flex", .block),
            ("table-row", .block), ("inline", .inline), ("contents", .inline),
            ("table-cell", .cell),
            ("inline-block", .inlineBlock), ("inline-flex", .inlineBlock), ("nosuch", nil),
            ("", nil),
        ])
    func display(_ value: String, _ expected: StyleDeclarations.Display?) {
        #expect(declarations("display:\(value)").display == expected)
    }

    @Test(
        "Opacity is none up to 2 %",
        arguments: [
            ("0", false), ("0.02", false), (".021", true), ("1", true), ("0%", false),
            ("2%", false),
            ("3%", true), ("-1", false), ("inherit", nil),
        ])
    func opacity(_ value: String, _ isOpaque: Bool?) {
        #expect(declarations("opacity:\(value)").isOpaque == isOpaque)
    }

    /// A font size in short: pixels, or `x` and a factor.
    private func fontSize(_ css: String) -> String? {
        switch declarations(css).fontSize {
        case .pixels(let size): "\(size)"
        case .factor(let factor): "x\(factor)"
        case nil: nil
        }
    }

    @Test(
        "Font sizes are read from font-size and from the shorthand font",
        arguments: [
            ("font-size:0", "0.0"), ("font-size:12px", "12.0"), ("font-size:150%", "x1.5"),
            ("font-size:.5em", "x0.5"), ("font-size:small", "16.0"), ("font-size:5", nil),
            ("font:bold 12px/1.5 Arial", "12.0"), ("font:0/0 a", "0.0"), ("font:700 1px x", "1.0"),
            ("font:inherit", nil), ("font-size:12px;font-size:nosuch", "16.0"),
            ("font-size:12px;font-size:7foo", "12.0"), ("font:italic bold 50% x", "x0.5"),
        ])
    func fontSize(_ css: String, _ expected: String?) { #expect(fontSize(css) == expected) }

    /// A background in short: a colour as a number, or `unknown`.
    private func background(_ css: String) -> String? {
        switch declarations(css).background {
        case .color(let color):
            "\(color.rgb.red) \(color.rgb.green) \(color.rgb.blue) \(color.alpha)"
        case .unknown: "unknown"
        case nil: nil
        }
    }

    @Test(
        "Backgrounds are colours, or unknown with images and functions",
        arguments: [
            ("background:red", "255 0 0 1.0"), ("background-color:#0f0", "0 255 0 1.0"),
            ("background:no-repeat center blue", "0 0 255 1.0"),
            ("background:transparent", "0 0 0 0.0"),
            ("background:url(x.png)", "unknown"), ("background:red url(x.png)", "unknown"),
            ("background-image:linear-gradient(red,blue)", "unknown"),
            ("background-image:none", nil),
            ("background:light-dark(red,blue)", "unknown"), ("background:none", nil),
            ("background:red;background:nosuch", "255 0 0 1.0"),
        ])
    func background(_ css: String, _ expected: String?) { #expect(background(css) == expected) }

    @Test("Words with two values are true or false")
    func flags() {
        #expect(declarations("float:left").isFloating == true)
        #expect(declarations("float:none").isFloating == false)
        #expect(declarations("visibility:hidden").isInvisible == true)
        #expect(declarations("visibility:collapse").isInvisible == true)
        #expect(declarations("visibility:visible").isInvisible == false)
        #expect(declarations("white-space:pre-wrap").isPreformatted == true)
        #expect(declarations("white-space:nowrap").isPreformatted == false)
        #expect(declarations("direction:rtl").isRightToLeft == true)
        #expect(declarations("unicode-bidi:bidi-override").isOverridden == true)
        #expect(declarations("unicode-bidi:embed").isOverridden == false)
        #expect(declarations("margin:0;color:nosuch").foreground == nil)
    }
}
