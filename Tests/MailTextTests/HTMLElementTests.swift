import Testing

@testable import MailText

@Suite struct HTMLElementTests {
    private func element(_ name: String) -> HTMLElement {
        let bytes = "<\(name)>".bytes
        return HTMLElement(1..<(bytes.count - 1), in: bytes)
    }

    @Test("Every known element is found by its name, in any case")
    func names() throws {
        for raw in 1..<UInt8(HTMLElement.count) {
            let known = try #require(HTMLElement(rawValue: raw))
            #expect("\(known)" == known.name.string || "\(known)" == "`\(known.name.string)`")
            #expect(element(known.name.string) == known)
            #expect(element(known.name.string.uppercased()) == known)
        }
    }

    @Test(
        "All other names are the other element",
        arguments: ["", "other", "x", "h7", "divs", "o:p", "blockquotes", "figcaptio", "é"])
    func unknown(_ name: String) { #expect(element(name) == .other) }

    @Test(
        "Elements have the properties that the standard gives them",
        arguments: [
            (.p, true, false, true), (.div, true, false, true), (.h3, true, false, true),
            (.td, true, false, false), (.table, true, false, false), (.br, true, true, false),
            (.marquee, true, false, true), (.span, false, false, false), (.img, false, true, false),
            (.input, false, true, false), (.search, true, false, true),
            (.listing, true, false, true),
            (.xmp, true, false, true), (.basefont, false, true, false),
            (.other, false, false, false),
            (.script, false, false, false),
        ] as [(HTMLElement, Bool, Bool, Bool)])
    func properties(_ element: HTMLElement, _ isBlock: Bool, _ isVoid: Bool, _ isBox: Bool) {
        #expect(element.isBlock == isBlock)
        #expect(element.isVoid == isVoid)
        #expect(element.isBox == isBox)
    }
}
