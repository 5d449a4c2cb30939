import Testing

@testable import MailText

@Suite struct HTMLWordBoundTests {
    @Test(
        "Frames, style sheets, and settings of Office are no words",
        arguments: [
            "a b", "<p a b c d>a b", "<b a='>' b=\"> c d e\">a b", "a<!-- b > c > d -->b",
            "<style>a b c d</style>a b", "<STYLE type=x>a b <p> c</style x>a b",
            "<style>a b c d", "<p a b c d", "<p a='b c d", "<", "", "</style><style></style >",
            "<table><tr><td>&nbsp;</td><td>&#160;\u{A0}</table><![endif]--><![if x]>",
            "<xml><o:OfficeDocumentSettings><o:A/>a b c</o:OfficeDocumentSettings></xml>a b",
            "<xml><w:WordDocument><w:View>a</w:View>b c d</w:WordDocument>a b</xml>",
            "<img src='a b c'><p title='a b c'>", "<img alt='a b'>",
            "<w:LsdException Locked=\"false\" Name=\"a b c\"/>a b",
        ])
    func few(_ document: String) {
        #expect(!HTMLWordBound.mayExceed(2, in: document.bytes))
    }

    @Test(
        "All that may be shown are words",
        arguments: [
            "a b c", "a<p>b<p>c", "< a b", "1 < 2", "a <2 c", "<style></style><p>a b c",
            "<stylesheet>a b c", "<xmlx>a b c", "<xml>a b c</xml>",
            "<style>x</styles></style>a b c",
            "<img alt='a b c'>", "<input value=\"a b c\">", "<IMAGE alt='a&emsp;b&emsp;c'>",
            "a&nbsp;b&nbsp;c", "a\u{A0}b\u{2003}c", "a&#8195;b&Tab;c", "a\0b\0c",
            "<!-- > -->a b c", "<b a=\"</b>\">a b c", "<a title='><style>'>a b c",
            "<svg><style>a", "<select><style>a", "<title>a", "<xmp>a", "<plaintext>a",
            "<w:WordDocument>a b c</w:WordDocument>", "<xml><w:WordDocument>a b c",
            "<xml><w:WordDocument>a b c</xml></w:WordDocument>",
            "<xml><w:WordDocument/>a b c</w:WordDocument></xml>",
            "<xml><w:WordDocument><p>a b c</w:WordDocument></xml>",
        ])
    func many(_ document: String) {
        #expect(HTMLWordBound.mayExceed(2, in: document.bytes))
    }

    private static let pieces = [
        "<p>", "</p>", "<table>", "<tr>", "<td>", "</table>", "<style>", "</style>", "</styles>",
        "<svg>", "</svg>", "<select>", "</select>", "<math>", "<title>", "</title>", "<xmp>",
        "<b title='", "<p hidden>", "<i style=\"display:none\">", "\"", "'", ">", "<", "< ", "/",
        "=", " ", "\n", "&nbsp;", "&emsp;", "&amp;", "&", "<!--", "-->", "<![CDATA[", "]]>",
        "<img alt='a b'>", "<input value=\"c d\">", "<xml>", "</xml>", "<o:x>", "<?x ", "</",
        "word", "x", "y z", "é", "\u{A0}", "\u{2003}", "<a href=x>", "</a>", "<div>", "</div>",
    ]

    private static func words(_ bytes: [UInt8]) -> Int {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.split { scalar in
            scalar.value == 0xA0 || (0x2000...0x203F).contains(scalar.value)
                || scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value)
        }.count
    }

    @Test("No document shows or hides more words than it may have", arguments: 1...20)
    func bound(_ seed: Int) {
        let pieces = HTMLWordBoundTests.pieces
        var state = UInt64(seed)
        func random(below count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        for _ in 0..<200 {
            let document = (0..<random(below: 30))
                .map { _ in pieces[random(below: pieces.count)] }.joined()
            let limits = MailLimits()
            var (left, defects) = (limits, Set<Defect>())
            let text = HTMLText.convert(
                document.bytes, limits: &left, clock: ReadingClock(limits), defects: &defects)
            let words = max(
                HTMLWordBoundTests.words(text.bytes),
                HTMLWordBoundTests.words(text.hiddenText.bytes))
            for limit in 0..<words {
                #expect(HTMLWordBound.mayExceed(limit, in: document.bytes), "\(document)")
            }
        }
    }
}
