import Testing

@testable import MailText

@Suite struct VisibleTextTests {
    private func plain(_ text: String, limit: Int = 1_000) -> (VisibleText, Set<Defect>) {
        var limits = MailLimits()
        limits.textBytes = limit
        var result = VisibleText()
        var defects: Set<Defect> = []
        result.append(plain: text.slice, limits: limits, defects: &defects)
        return (result, defects)
    }

    private func html(_ text: String) -> VisibleText {
        MailContent(message: "Content-Type: text/html; charset=utf-8\n\n\(text)".bytes).body
    }

    @Test(
        "Plain text is cut between characters, and its line ends are line feeds",
        arguments: [
            ("a\r\nb", 9, "a\nb", []), ("a\0b", 9, "a b", [.nulByte]), ("abc", 3, "abc", []),
            ("abcd", 3, "abc", [.limitText]), ("aé", 2, "a", [.limitText]),
            ("a€", 3, "a", [.limitText]), ("a\rb\r\rc\r", 9, "a\nb\n\nc\n", []),
            ("a\r\r\nb\r\n", 9, "a\nb\n", []), ("\ra", 1, "\n", [.limitText]),
            ("😀", 3, "", [.limitText]), ("é", 2, "é", []), ("a", 0, "", [.limitText]),
        ] as [(String, Int, String, Set<Defect>)])
    func appendPlain(_ text: String, _ limit: Int, _ expected: String, _ defects: Set<Defect>) {
        let (result, found) = plain(text, limit: limit)
        #expect(result.text == expected)
        #expect(found == defects)
    }

    @Test("Texts are joined by one line feed, and marks move with their text")
    func append() {
        var text = plain("one").0
        text.append(html("<a href=x>two</a><img src=y>"))
        text.append(VisibleText())
        #expect(text.text == "one\ntwo")
        #expect(text.marks.map(\.offset) == [4, 7])
        #expect(text.marks.map(\.kind) == [.link("x"), .image(isPixel: false)])
    }

    @Test("Counts are added, and the first preheader is kept")
    func appendCounts() {
        let part = html("<p hidden>pre</p>one two three four five <i hidden>not this</i><br>")
        var text = part
        text.append(part)
        #expect(text.preheader.string == "pre" && text.hiddenWords == 4)
        #expect(text.hiddenBytes.string == "not thisnot this")
        let breaks = HTMLTagCounts.names.firstIndex(of: "br")
        #expect(breaks.flatMap { text.tagCounts?.counts[$0] } == 2)
        #expect(text.htmlLength == 2 * part.htmlLength)
    }

    @Test("Without its text the marks and counts are left, at the start")
    func withoutText() {
        let rest = html("one <a href=x>two</a>").withoutText
        #expect(rest.bytes.isEmpty && rest.marks.map(\.offset) == [0] && rest.tagCounts != nil)
    }

    @Test(
        "Words are runs without white space",
        arguments: [("", 0), (" \n", 0), ("one", 1), (" one  two\nthree ", 3), ("a-b, c", 2)])
    func wordCount(_ text: String, _ count: Int) {
        let text = plain(text).0
        #expect(text.wordCount == count)
        #expect(text.wordCount(upTo: 2) == min(count, 2))
    }

    @Test(
        "Links, pictures and controls are something to see, pixels are not",
        arguments: [
            ("<a href=x>y</a>", true), ("<img src=x>", true), ("<img src=x width=2>", false),
            ("<form>", true), ("<p>words", false), ("<a>y</a>", false),
        ])
    func something(_ text: String, _ isSeen: Bool) {
        #expect(html(text).hasSomethingToSee == isSeen)
    }

    /// Twelve words, some of which may be replaced.
    private static func words(_ replaced: Int) -> String {
        (1...22).map { $0 <= replaced ? "new\($0)" : "old\($0)" }.joined(separator: " ")
    }

    @Test(
        "Texts differ when more than half of the words, and more than ten, are others",
        arguments: [
            (words(0), words(0), false), (words(11), words(0), false), (words(12), words(0), true),
            ("a b c d e f g h i j", words(0), false), ("a b c d e f g h i j k", words(0), true),
            (words(0).uppercased(), words(0), false),
            (words(0).replacing(" ", with: ", "), words(0), false),
            // Addresses and punctuation are no words.
            (String(repeating: "http://x/1 -- ", count: 20), words(0), false),
            ("", words(0), false),
            (words(0), "", true),
        ])
    func differs(_ one: String, _ other: String, _ differs: Bool) {
        #expect(plain(one).0.differs(from: plain(other).0) == differs)
    }

    @Test("The tags of the model's features are counted")
    func tagCounts() {
        let counts = html("<p><b>x</b><b>y</b><a href=z>w</a><script></script>").tagCounts
        let byName = counts.map {
            Dictionary(uniqueKeysWithValues: zip(HTMLTagCounts.names, $0.counts))
        }
        #expect(
            byName?["b"] == 2 && byName?["a"] == 1 && byName?["script"] == 1
                && byName?["table"] == 0)
        #expect(plain("x").0.tagCounts == nil)
    }
}
