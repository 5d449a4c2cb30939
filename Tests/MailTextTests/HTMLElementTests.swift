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
            #expect(known.name.string == "\(known)")
            #expect(element("\(known)") == known)
            #expect(element("\(known)".uppercased()) == known)
        }
    }

    @Test(
        "All other names are the other element",
        arguments: ["", "other", "x", "h7", "divs", "o:p", "blockquotes", "figcaptio", "é"])
    func unknown(_ name: String) { #expect(element(name) == .other) }

    @Test(
        "Elements have the properties that the standard gives them",
        arguments: [
            (.p, true, false), (.div, true, false), (.h3, true, false),
            (.td, true, false), (.table, true, false), (.br, true, true),
            (.marquee, true, false), (.span, false, false), (.img, false, true),
            (.input, false, true), (.other, false, false), (.script, false, false),
        ] as [(HTMLElement, Bool, Bool)])
    func properties(_ element: HTMLElement, _ isBlock: Bool, _ isVoid: Bool) {
        #expect(element.isBlock == isBlock)
        #expect(element.isVoid == isVoid)
    }

    @Test(
        "A start tag closes the elements whose end tags may be left out",
        arguments: [
            (.li, .li, .ul), (.tr, .tr, .table), (.td, .td, .tr), (.th, .td, .tr), (.dt, .dd, .dl),
            (.option, .option, .select), (.a, .a, .td), (.div, .p, .table), (.p, .p, .table),
        ] as [(HTMLElement, HTMLElement, HTMLElement)])
    func closes(_ element: HTMLElement, _ closed: HTMLElement, _ boundary: HTMLElement) {
        #expect(element.closes?.0 == closed)
        #expect(element.closes?.boundary == boundary)
    }

    @Test(
        "Inline elements and line breaks close nothing",
        arguments: [.b, .br, .span, .img, .other] as [HTMLElement])
    func closesNothing(_ element: HTMLElement) { #expect(element.closes == nil) }
}
