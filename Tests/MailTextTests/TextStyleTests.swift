import Testing

@testable import MailText

@Suite struct TextStyleTests {
    /// The style inside nested elements with these declarations, from the outermost to the
    /// innermost.
    private func style(
        _ declarations: [String], _ element: HTMLElement = .div, isQuirks: Bool = false
    ) -> TextStyle {
        declarations.reduce(into: TextStyle()) { style, css in
            let outer = style
            let traits = TextStyle.Traits(element: element, isQuirks: isQuirks)
            style.enter(traits)
            let change = StyleChange(css.slice, isQuirks: isQuirks).resolved([:])
            style.apply(change, in: outer, traits)
        }
    }

    @Test(
        "Text is hidden by its own style, or by one around it that it can't undo",
        arguments: [
            ([], false), (["display:none"], true), (["display:none", "display:block"], true),
            (["visibility:hidden"], true), (["visibility:hidden", "visibility:visible"], false),
            (["visibility:collapse"], true), (["visibility:hidden", "visibility:unset"], true),
            (["visibility:hidden", "visibility:initial"], false),
            (["opacity:0"], true), (["opacity:0", "opacity:1"], true), (["opacity:.5"], false),
            (["opacity:0.02"], true), (["opacity:.021"], false), (["opacity:2%"], true),
            (["opacity:3%"], false), (["opacity:-1"], true), (["opacity:0;opacity:inherit"], false),
            (["opacity:.1", "opacity:.1"], true),
            (["font-size:0"], true), (["font-size:1px"], true), (["font-size:2px"], false),
            (["font-size:0", "font-size:12px"], false), (["font-size:0", "font-size:200%"], true),
            (["font-size:10%", "font-size:50%"], true), (["font-size:10%"], false),
            (["font-size:calc(1em - 16px)"], true), (["font-size:calc(2em - 16px)"], false),
            (["font-size:0", "font-size:larger"], true), (["font-size:0", "font:menu"], false),
            (["font-size:0", "font:2em Arial"], true), (["font-size:0", "all:initial"], false),
            (["height:0;overflow:hidden", "height:auto"], true),
            (["height:0;overflow:hidden", "position:absolute"], false),
            (["height:0;overflow:hidden;position:relative", "position:absolute"], true),
            (["color:white"], true), (["color:#f7f7f7"], true), (["color:#f6f6f6"], false),
            (["color:white", "color:black"], false), (["color:transparent"], true),
            (["color:white", "color:initial"], false), (["color:white", "color:inherit"], true),
            (["color:white;color:nosuch"], true), (["color:white", "color:var(--x,#000)"], false),
            (["color:white", "color:color-mix(in srgb,red,blue)"], false),
            (["color:white;text-shadow:0 0 2px black"], false),
            (["-webkit-text-fill-color:white"], true),
            (["color:white;-webkit-text-fill-color:black"], false),
            (["color:rgba(0,0,0,.05)"], true), (["color:rgba(0,0,0,.2)"], false),
            (["background:black"], true), (["background:black", "color:white"], false),
            (["color:white;background:black"], false),
            (["color:white;background:black;background:initial"], true),
            (["background:url(x)", "color:white"], false),
            (["background:url(x)", "background:white;color:white"], true),
            (["background:rgba(0,0,0,.5)", "color:#808080"], true),
            (["color:transparent;background:red;-webkit-background-clip:text"], false),
            (["text-indent:-9999px", ""], true), (["text-indent:-9999px", "text-indent:0"], false),
            (["position:relative;left:-9999px", "position:relative;left:9999px"], false),
            (["display:flex", "width:0;overflow:hidden;flex:1"], false),
        ] as [([String], Bool)])
    func hides(_ declarations: [String], _ isHidden: Bool) {
        #expect(style(declarations).hidesText == isHidden)
    }

    /// Whether the declarations hide the text of a block, and of an inline element.
    @Test(
        "A box hides its text by its size, its indent or its position",
        arguments: [
            ("", false, false), ("height:0", false, false), ("overflow:hidden", false, false),
            ("height:0;overflow:hidden", true, false), ("height:1px;overflow:clip", true, false),
            ("height:2px;overflow:hidden", false, false),
            ("height:0;overflow:visible", false, false), ("height:0;overflow:nosuch", false, false),
            ("height:0;overflow-x:hidden", true, false), ("height:0;overflow-x:clip", false, false),
            ("height:0;overflow-y:clip", true, false), ("height:0;overflow:auto", true, false),
            ("height:0;overflow:hidden;min-height:2em", false, false),
            ("max-height:0;overflow:hidden;min-height:40px", false, false),
            ("max-height:0;overflow:hidden;padding:20px 0", false, false),
            ("max-height:0;overflow:hidden;padding-top:20px", true, false),
            ("height:0%;overflow:hidden", false, false), ("width:0%;overflow:hidden", true, false),
            ("display:table;height:0;overflow:hidden", false, false),
            ("display:inline-block;height:0;overflow:hidden", true, true),
            ("float:left;height:0;overflow:hidden", true, true),
            ("max-height:0;overflow:hidden", true, false),
            ("max-width:0;overflow:hidden", true, false),
            ("max-height:0", false, false), ("width:1px", false, false),
            ("width:1px;word-break:break-all", true, false),
            ("width:0;min-width:100%;overflow:hidden", false, false),
            ("width:0;width:auto;overflow:hidden", false, false),
            ("text-indent:-500px", true, false), ("text-indent:-499px", false, false),
            ("text-indent:-9999px;text-align:right", false, false),
            ("text-indent:9999px", false, false),
            ("text-indent:-600px;margin-left:600px", false, false),
            ("margin-left:-9999px", true, true), ("left:-500px", false, false),
            ("position:absolute;left:-500px", true, true),
            ("position:fixed;top:-9999px", true, true),
            ("position:fixed;inset:-9999px", true, true),
            ("position:relative;left:-500px", true, true),
            ("position:relative;top:-600px", false, false),
            ("position:absolute;left:-499px", false, false),
            ("position:absolute;left:-600px;margin-left:620px", false, false),
            ("position:absolute;right:-999px", false, false),
            ("position:absolute;right:9999px", true, true),
            ("position:absolute;width:0;overflow:hidden", true, true),
            ("position:absolute;left:-999px;left:0", false, false),
            ("POSITION:Absolute;LEFT:-50em", true, true),
            ("clip-path:inset(100%)", true, true), ("clip-path:inset(50%)", true, true),
            ("clip-path:inset(40%)", false, false), ("clip-path:circle(0)", true, true),
            ("clip-path:polygon(0 0,0 0,0 0)", true, true), ("clip-path:none", false, false),
            ("clip:rect(0,0,0,0)", false, false),
            ("position:absolute;clip:rect(0 0 0 0)", true, true),
            ("position:absolute;clip:rect(0,99px,99px,0)", false, false),
            ("filter:opacity(0)", true, true), ("filter:opacity(50%)", false, false),
            ("transform:scale(0)", true, false), ("transform:translateX(-9999px)", true, false),
            ("transform:scale(1) nosuch(0)", false, false), ("scale:0", true, false),
            ("translate:-9999px", true, false), ("content-visibility:hidden", true, false),
        ])
    func box(_ css: String, _ hidesBox: Bool, _ hidesInline: Bool) {
        #expect(style([css]).hidesText == hidesBox)
        #expect(style([css], .span).hidesText == hidesInline)
    }

    @Test(
        "In quirks mode numbers are lengths, digits are colours and tables begin anew",
        arguments: [
            ("font-size:1", HTMLElement.div, true), ("color:ffffff", .div, true),
            ("height:0%;overflow:hidden", .div, true), ("text-indent:-999", .div, true),
        ])
    func quirks(_ css: String, _ element: HTMLElement, _ isHidden: Bool) {
        #expect(style([css], element, isQuirks: true).hidesText == isHidden)
        #expect(!style([css], element).hidesText)
    }

    @Test("A table inherits neither size nor colour in quirks mode", arguments: [true, false])
    func tables(_ isQuirks: Bool) {
        for css in ["font-size:0", "color:white"] {
            var inner = style([css])
            inner.enter(TextStyle.Traits(element: .table, isQuirks: isQuirks))
            #expect(inner.hidesText == !isQuirks)
        }
    }

    @Test(
        "Elements have the display that browsers give them",
        arguments: [
            (.p, .block), (.td, .cell), (.table, .table), (.tr, .tablePart), (.span, .inline),
            (.button, .inlineBlock), (.dialog, .none), (.rp, .none),
        ] as [(HTMLElement, StyleValue.Display)])
    func display(_ element: HTMLElement, _ display: StyleValue.Display) {
        #expect(TextStyle.Traits(element: element).display == display)
    }

    @Test("The distance of colours is the sum over the channels")
    func distance() {
        #expect(RGB.black.distance(to: .white) == 765)
        #expect(RGB(packed: 0x102030).distance(to: RGB(packed: 0x0F2233)) == 6)
        #expect(RGB(packed: 0x0000EE) == .link)
    }
}
