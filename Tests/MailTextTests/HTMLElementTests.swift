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
            (.p, true, false), (.div, true, false), (.h3, true, false), (.td, true, false),
            (.table, true, false), (.br, true, true), (.marquee, true, false),
            (.span, false, false), (.img, false, true), (.input, false, true),
            (.search, true, false), (.listing, true, false), (.xmp, true, false),
            (.basefont, false, true), (.other, false, false), (.script, false, false),
        ] as [(HTMLElement, Bool, Bool)])
    func properties(_ element: HTMLElement, _ isBlock: Bool, _ isVoid: Bool) {
        #expect(element.isBlock == isBlock)
        #expect(element.isVoid == isVoid)
    }
}
