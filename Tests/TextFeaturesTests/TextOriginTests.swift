import Testing
import TextFeatures

@Suite struct TextOriginTests {
    private static let steps = StepSet(TextPipelineSpec.standard.steps)

    private func origin(_ text: String) -> (origin: TextOrigin?, folded: String) {
        let folded = UnicodeFolding(utf8(text), steps: TextOriginTests.steps).bytes
        let origin = TextOrigin(utf8(text), foldedTo: folded, steps: TextOriginTests.steps)
        return (origin, String(decoding: folded, as: UTF8.self))
    }

    @Test("Text that was not folded is its own origin", arguments: [0..<0, 3..<7, 0..<100])
    func identity(_ range: Range<Int>) { #expect(TextOrigin().original(range) == range) }

    @Test(
        "A range of the folded text is that of the same characters in the document",
        arguments: [
            ("un café noir", "cafe", "café"), ("un cafe\u{301} noir", "cafe", "cafe\u{301}"),
            ("ｆｕｌｌ ｗｉｄｔｈ", "width", "ｗｉｄｔｈ"), ("a ﬁ b", "fi", "ﬁ"), ("a ﬁ b", "i", "ﬁ"),
            ("é vi\u{200B}ag\u{200B}ra", "viagra", "vi\u{200B}ag\u{200B}ra"),
            ("a vi\u{1}ag\u{7F}ra\u{2} é", "viagra", "vi\u{1}ag\u{7F}ra"),
            ("\u{1F600} pills", "pills", "pills"), ("привет мир", "мир", "мир"),
            // Signs that make one character with the letter behind them.
            ("é \u{600}pills", "pills", "pills"), ("\u{D4E}pills", "pills", "pills"),
            ("\u{600}pé", "pe", "\u{600}pé"),
        ])
    func ranges(_ text: String, _ word: String, _ written: String) throws {
        let (origin, folded) = origin(text)
        let bytes = Array(folded.utf8)
        let start = try #require(
            bytes.indices.first { bytes[$0...].starts(with: Array(word.utf8)) })
        let range = try #require(origin).original(start..<(start + word.utf8.count))
        #expect(String(decoding: utf8(text)[range], as: UTF8.self) == written)
    }

    @Test("The indices are those of the document, not of the stretch")
    func offset() throws {
        let document = Array("12345é".utf8)
        let folded = UnicodeFolding(document[5...], steps: TextOriginTests.steps).bytes
        let origin = try #require(
            TextOrigin(document[5...], foldedTo: folded, steps: TextOriginTests.steps))
        #expect(origin.original(0..<1) == 5..<7)
    }

    @Test(
        "Turned text, and characters longer than any that people write, have no origin",
        arguments: ["\u{202E}arp\u{202C} café", "e" + String(repeating: "\u{301}", count: 200)])
    func unknown(_ text: String) { #expect(origin(text).origin == nil) }

    @Test(
        "A folded text that is not the document's has no origin",
        arguments: ["cafex", "caf", "xafe"])
    func foreign(_ folded: String) {
        let origin = TextOrigin(
            utf8("café"), foldedTo: Array(folded.utf8), steps: TextOriginTests.steps)
        #expect(origin == nil)
    }
}
