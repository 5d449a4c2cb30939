import Testing

@testable import MailText

@Suite struct StyleDeclarationTests {
    /// The longhands of one declaration.
    private func values(_ css: String) -> [StyleProperty: StyleValue] {
        var result: [StyleProperty: StyleValue] = [:]
        for declaration in StyleChange(css.slice).normal {
            result[declaration.property] = declaration.value
        }
        return result
    }

    @Test(
        "Values of display fall into the kinds that matter",
        arguments: [
            ("none", StyleValue.Display.none), ("NONE", StyleValue.Display.none),
            ("block", .block), ("flex", .flex), ("table-row", .tablePart), ("inline", .inline),
            ("contents", .contents), ("table-cell", .cell), ("inline-block", .inlineBlock),
            ("inline-flex", .inlineFlex), ("block flow", .block), ("-webkit-box", .flex),
            ("ruby", .inline), ("nosuch", nil), ("", nil),
        ])
    func display(_ value: String, _ expected: StyleValue.Display?) {
        var found: StyleValue.Display?
        if case .display(let display) = values("display:\(value)")[.display] { found = display }
        #expect(found == expected)
    }

    /// A font size in short: pixels, or `x` and a factor.
    private func fontSize(_ css: String) -> String? {
        switch values(css)[.fontSize] {
        case .length(let length) where length.ems != 0: "x\(length.ems)"
        case .length(let length) where length.hasPercent: "x\(length.percent / 100)"
        case .length(let length): "\(length.pixels)"
        case .number(let factor): "x\(factor)"
        case .initial: "initial"
        case .inherit: "inherit"
        default: nil
        }
    }

    @Test(
        "Font sizes are read from font-size and from the shorthand font",
        arguments: [
            ("font-size:0", "0.0"), ("font-size:12px", "12.0"), ("font-size:150%", "x1.5"),
            ("font-size:.5em", "x0.5"), ("font-size:small", "initial"), ("font-size:5", nil),
            ("font:bold 12px/1.5 Arial", "12.0"), ("font:0/0 a", "0.0"), ("font:700 1px x", "1.0"),
            ("font:inherit", "inherit"), ("font-size:12px;font-size:nosuch", "12.0"),
            ("font-size:12px;font-size:7foo", "12.0"), ("font:italic bold 50% x", "x0.5"),
            ("font-size:-1px", nil), ("font-size:calc(0px)", "0.0"), ("font:0", nil),
            ("font:calc(14px) Arial", "14.0"), ("font:medium serif", "initial"),
            ("font-size:larger", "x1.2"),
        ])
    func fontSize(_ css: String, _ expected: String?) { #expect(fontSize(css) == expected) }

    /// A background in short: a colour as a number, or `image`.
    private func background(_ css: String) -> String? {
        let values = values(css)
        if case .flag(true) = values[.backgroundImage] { return "image" }
        switch values[.backgroundColor] {
        case .paint(.color(let color)):
            return "\(color.rgb.red) \(color.rgb.green) \(color.rgb.blue) \(color.alpha)"
        case .paint(let paint): return "\(paint)"
        case .initial: return "initial"
        default: return nil
        }
    }

    @Test(
        "Backgrounds are colours, or unknown with images and functions",
        arguments: [
            ("background:red", "255 0 0 1.0"), ("background-color:#0f0", "0 255 0 1.0"),
            ("background:no-repeat center blue", "0 0 255 1.0"),
            ("background:transparent", "0 0 0 0.0"),
            ("background:url(x.png)", "image"), ("background:red url(x.png)", "image"),
            ("background-image:linear-gradient(red,blue)", "image"),
            ("background-image:none", nil), ("background:none", "initial"),
            ("background:light-dark(red,blue)", "255 0 0 1.0"),
            ("background-color:color-mix(in srgb,red,blue)", "unknown"),
            ("background:red;background:nosuch", "255 0 0 1.0"),
        ])
    func background(_ css: String, _ expected: String?) { #expect(background(css) == expected) }

    @Test(
        "Words with two values are true or false",
        arguments: [
            ("float:left", .isFloating, true), ("float:none", .isFloating, false),
            ("visibility:hidden", .visibility, true), ("visibility:collapse", .visibility, true),
            ("visibility:visible", .visibility, false),
            ("white-space:pre-wrap", .isPreformatted, true),
            ("white-space:nowrap", .isPreformatted, false),
            ("direction:rtl", .isRightToLeft, true),
            ("unicode-bidi:bidi-override", .isOverridden, true),
            ("unicode-bidi:embed", .isOverridden, false),
        ] as [(String, StyleProperty, Bool)])
    func flags(_ css: String, _ property: StyleProperty, _ expected: Bool) throws {
        guard case .flag(let flag) = try #require(values(css)[property]) else {
            Issue.record("no flag")
            return
        }
        #expect(flag == expected)
    }

    @Test(
        "What is invalid or doesn't matter is dropped",
        arguments: [
            "margin:nosuch", "color:nosuch", "visibility:hide", "overflow:hidden hidden hidden",
            "opacity:a", "width:-1px", "transform:nosuch(1)", "font:1 2 3", "line-height:0",
        ])
    func dropped(_ css: String) { #expect(values(css).isEmpty) }
}
