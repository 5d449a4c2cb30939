import Testing
import TextFeatures

@Suite struct WordScannerTests {
    private func check(
        _ text: String, _ expected: String, without missing: [TextPipelineSpec.Step] = []
    ) throws {
        let tokens = try TextPipeline.words(text, without: missing)
        #expect(tokens.joined(separator: " ") == expected)
    }

    @Test(
        "Words are runs of letters and digits in lower case",
        arguments: [
            ("Hello World", "hello world"), ("snake_case", "snake _ case"),
            ("don't", "don ' t"), ("a1b2", "a1b2"), ("tab\there\nline", "tab here line"),
            ("привет Мир", "привет мир"), ("x\u{7F}y", "xy"), ("", ""), ("  ", ""),
            (String(repeating: "x", count: 24), String(repeating: "x", count: 24)),
            // Of letters alone all are kept: they may be words without spaces.
            (String(repeating: "x", count: 25), "<long> " + String(repeating: "x", count: 25)),
            (String(repeating: "7x", count: 13), "<long> " + String(repeating: "7x", count: 12)),
            // A cut word keeps whole characters.
            (String(repeating: "д", count: 13), "<long> " + String(repeating: "д", count: 13)),
            (
                "x" + String(repeating: "д", count: 13),
                "<long> x" + String(repeating: "д", count: 13)
            ),
        ])
    func words(_ text: String, _ expected: String) throws { try check(text, expected) }

    @Test(
        "Numbers are classed by their digits",
        arguments: [
            ("1", "<d1>"), ("22", "<d2>"), ("333", "<d3>"), ("4444", "<d4>"), ("55555", "<d5-6>"),
            ("666666", "<d5-6>"), ("7777777", "<d7+>"), ("$9.99", "$ <d1> . <d2>"),
            ("12ab", "12ab"), ("007", "<d3>"),
        ])
    func numbers(_ text: String, _ expected: String) throws { try check(text, expected) }

    @Test(
        "The first of several words in capitals is marked, from three letters on",
        arguments: [
            ("FREE MONEY now WIN BIG", "<caps> free money now <caps> win big"),
            ("OK USA", "ok <caps> usa"), ("AB1C", "ab1c"), ("ÀÉÎ", "<caps> aei"),
            ("Free", "free"), ("ПРИЗ", "<caps> приз"),
        ])
    func capitals(_ text: String, _ expected: String) throws { try check(text, expected) }

    @Test(
        "A run of one sign is one token, with spaces or without",
        arguments: [
            ("!", "!"), ("!!", "!!"), ("!!!", "!!!"), ("!!!!!!!", "!!!"), ("!!!!!!!!", "!!!+"),
            ("! !!! !!!!!!!!! ! ! !", "!!!+"), ("a ... b", "a ... b"), ("!  !", "! !"),
            ("?!", "? !"), ("\u{1F600}\u{1F600} hi", "\u{1F600} hi"), ("«»", "« »"),
            // NFKC writes an ellipsis as three full stops.
            ("……", "..."),
        ])
    func punctuation(_ text: String, _ expected: String) throws { try check(text, expected) }

    @Test(
        "An e-mail address is one token, set apart or not",
        arguments: [
            ("joe.doe@mail.example.com wrote", "<email> wrote"),
            ("joe @ mail . example . com wrote", "<email> wrote"),
            ("x@y", "x@y"), ("x@y.", "x@y ."), ("joe+tag@müller.example", "<email>"),
            ("a@b.c and c@d.e", "<email> and <email>"),
            ("a @ b", "a @ b"), ("@b.c", "@ b . c"),
        ])
    func addresses(_ text: String, _ expected: String) throws { try check(text, expected) }

    @Test("A local part beyond the length of an address is a word", arguments: [310, 400])
    func longAddress(letters: Int) throws {
        let tokens = try TextPipeline.words(String(repeating: "a", count: letters) + "@b.c")
        #expect(tokens.contains("<email>") == (letters < 320))
    }

    @Test(
        "A URL is read to its end, and signs of the sentence are left out",
        arguments: [
            (
                "http://www.shop.example.com/buy.php?id=1",
                "<url> tld:com u:shop u:example <ux:php> <url:q>"
            ),
            ("http : / / www . foo . com / bar now", "<url> tld:com u:foo now"),
            ("ftp://files.example.org", "<url> tld:org u:files u:example"),
            ("see www.foo.example.", "see <url> tld:example u:foo"),
            ("(https://foo.example)", "( <url> tld:example u:foo"),
            ("<http://foo.example>", "< <url> tld:example u:foo >"),
            ("HTTPS://FOO.Example/", "<url> tld:example u:foo"),
            ("www", "www"), ("http", "http"), ("http://", "http : //"), ("website", "website"),
            ("https foo", "https foo"), ("www . foo . com", "<url> tld:com u:foo"),
        ])
    func urls(_ text: String, _ expected: String) throws { try check(text, expected) }

    @Test(
        "Four letters or more with signs between them are one word",
        arguments: [
            ("v i a g r a", "viagra"), ("c-l-i-c-k here", "click here"), ("b.u.y.s", "buys"),
            ("b _ u _ y", "b _ u _ y"), ("I am a b test", "i am a b test"), ("a b c", "a b c"),
            ("W I N S", "wins"), ("a  b  c  d", "abcd"), ("a   b   c   d", "a b c d"),
            ("a b c d1", "a b c d1"), ("a b c d ef", "abcd ef"),
        ])
    func spacedLetters(_ text: String, _ expected: String) throws { try check(text, expected) }

    @Test(
        "Signs that stand for letters belong to the word",
        arguments: [
            ("V@lium and hello!world", "v@lium and hello ! world"),
            ("a!b!c@d now!then", "a!b!c@d now ! then"), ("ca$h", "ca$h"), ("$100", "$ <d3>"),
            ("wa|l", "wa|l"), ("end| x", "end | x"), ("@home", "@ home"),
            ("hi!x y@z", "hi ! x y@z"),
        ])
    func mixingSigns(_ text: String, _ expected: String) throws { try check(text, expected) }

    @Test(
        "Look-alike letters among ASCII letters are replaced and marked",
        arguments: [
            ("pаypal", "<mixed> paypal"), ("раураl", "<mixed> paypal"), ("привет", "привет"),
            // A letter without a look-alike leaves the word as it is.
            ("pаyжpal", "pаyжpal"), ("smørrebrød", "smørrebrød"), ("łódź", "łodz"),
        ])
    func lookalikes(_ text: String, _ expected: String) throws { try check(text, expected) }

    @Test(
        "In scripts without spaces each character is a word",
        arguments: [
            ("你好", "你 好"), ("カタカナ", "カ タ カ ナ"), ("한국", "한 국"), ("ไทย", "ไ ท ย"),
            ("abc你好def", "abc 你 好 def"),
        ])
    func ideographs(_ text: String, _ expected: String) throws { try check(text, expected) }

    @Test(
        "Without its step a rule does nothing",
        arguments: [
            (TextPipelineSpec.Step.urls, "www.foo.example", "www . foo . example"),
            (.emails, "joe@doe.example", "joe@doe . example"),
            (.numbers, "a 22 b", "a 22 b"), (.capitals, "FREE", "free"),
            (.lookalikes, "pаypal", "pаypal"), (.spacedLetters, "v i a g r a", "v i a g r a"),
            (.accents, "café", "café"), (.compatibility, "ｆｕｌｌ", "ｆｕｌｌ"),
            (.ignorables, "so\u{AD}ft", "so ft"), (.ignorables, "a\u{1}b", "a b"),
        ])
    func stepMissing(_ step: TextPipelineSpec.Step, _ text: String, _ expected: String) throws {
        try check(text, expected, without: [step])
    }

    @Test("Scanning stops at the document's token limit", arguments: [0, 1, 2, 5, 100])
    func limit(_ limit: Int) throws {
        var document = Document.body(String(repeating: "word ", count: 50))
        document.tokenLimit = limit
        let stream = try TextPipeline(.standard).tokens(of: document)
        let words = stream.strings.count { $0 == "word" }
        #expect(words == max(0, min(50, limit - 2)) && stream.isTokenCut == (words < 50))
    }
}
