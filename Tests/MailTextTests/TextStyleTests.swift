import Testing

@testable import MailText

@Suite struct TextStyleTests {
    /// The style inside nested elements with these declarations, from the outermost to the
    /// innermost.
    private func style(_ declarations: [String]) -> TextStyle {
        declarations.reduce(into: TextStyle()) { style, css in
            style.apply(StyleChange(css.slice).effective, isBox: true)
        }
    }

    @Test(
        "Text is hidden by its own style, or by one around it that it can't undo",
        arguments: [
            ([], false), (["display:none"], true), (["display:none", "display:block"], true),
            (["visibility:hidden"], true), (["visibility:hidden", "visibility:visible"], false),
            (["opacity:0"], true), (["opacity:0", "opacity:1"], true), (["opacity:.5"], false),
            (["font-size:0"], true), (["font-size:1px"], true), (["font-size:2px"], false),
            (["font-size:0", "font-size:12px"], false), (["font-size:0", "font-size:200%"], true),
            (["font-size:10%", "font-size:50%"], true), (["font-size:10%"], false),
            (["height:0;overflow:hidden", "height:auto"], true),
            (["color:white"], true), (["color:#f7f7f7"], true), (["color:#f6f6f6"], false),
            (["color:white", "color:black"], false), (["color:transparent"], true),
            (["color:rgba(0,0,0,.05)"], true), (["color:rgba(0,0,0,.2)"], false),
            (["background:black"], true), (["background:black", "color:white"], false),
            (["color:white;background:black"], false),
            (["background:url(x)", "color:white"], false),
            (["background:url(x)", "background:white;color:white"], true),
            (["background:rgba(0,0,0,.5)", "color:#808080"], true),
        ] as [([String], Bool)])
    func hides(_ declarations: [String], _ isHidden: Bool) {
        #expect(style(declarations).hidesText == isHidden)
    }

    @Test("The distance of colours is the sum over the channels")
    func distance() {
        #expect(RGB.black.distance(to: .white) == 765)
        #expect(RGB(packed: 0x102030).distance(to: RGB(packed: 0x0F2233)) == 6)
        #expect(RGB(packed: 0x0000EE) == .link)
    }
}
