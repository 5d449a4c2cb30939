import Testing
import TextFeatures

@Suite struct ModelTokenTests {
    @Test(
        "A token belongs to the family of its spelling",
        arguments: [
            ("<pad>", ModelToken.padding), ("<unk>", .unknown), ("<subj>", .subject),
            ("<body>", .body), ("<mixed>", .lookalikes), ("<leet>", .leet),
            ("<caps>", .capitals), ("<long>", .long), ("<url>", .url), ("<email>", .email),
            ("<a>", .link), ("<img>", .image), ("<img1>", .pixel),
            ("<altdiff>", .differingAlternative), ("<hid1>", .hiddenWords),
            ("<hid3>", .hiddenWords), ("<zw2>", .zeroWidth), ("<mixed1>", .mixedWords),
            ("<spaced2>", .spacedWords), ("<o:w:m:3>", .shape), ("<o:d:xl>", .shape),
            ("<d1>", .number), ("<d5-6>", .number), ("<d7+>", .number), ("<mailto>", .mailLink),
            ("<tel>", .phoneLink), ("<url:ip>", .urlTrait), ("<ux:php>", .fileEnding),
            ("tld:com", .topLevelDomain), ("u:shop", .hostLabel), ("s:att-exe", .attachment),
            ("s:html-only", .structure), ("n:misleading-link:2", .misleadingLinks),
            ("n:ratio:0", .markupRatio), ("n:img:5", .tagCount), ("h:from-bad", .header),
            ("<form>", .element), ("<textarea>", .element),
            // Values of another version stay in their family.
            ("s:new", .structure), ("s:att-new", .attachment), ("h:new", .header),
            ("n:new:1", .tagCount), ("<url:new>", .urlTrait), ("<hid9>", .element),
        ])
    func families(_ token: String, _ expected: ModelToken) {
        #expect(ModelToken(token) == expected)
    }

    @Test(
        "Words and signs of a text belong to none",
        arguments: [
            "word", "", "<", "<<", "<<<", "<<<+", ">", "<>", ":", "::", "u", "s", "h", "n", "tld",
            "d7", "v@lium", "привет", "!!!", "att-exe", "U:x", "x:s:alt",
        ])
    func others(_ token: String) { #expect(ModelToken(token) == nil) }

    @Test("Every spelling belongs to its own family", arguments: ModelToken.allCases)
    func spellings(_ family: ModelToken) {
        for spelling in family.spellings {
            #expect(ModelToken(spelling) == family && spelling.hasPrefix(family.rawValue))
        }
    }

    @Test("Markers keep the order of their ids")
    func markers() {
        let lengths = ["s", "m", "l", "xl"]
        let shapes = lengths.flatMap { length in
            (0...3).map { "<o:w:\(length):\($0)>" } + ["<o:d:\(length)>", "<o:x:\(length)>"]
        }
        #expect(
            ModelToken.markers == [
                "<subj>", "<body>", "<mixed>", "<leet>", "<caps>", "<long>", "<url>",
                "<email>", "<a>", "<img>", "<img1>", "<altdiff>", "<hid1>", "<hid2>", "<hid3>",
                "<zw1>", "<zw2>", "<mixed1>", "<mixed2>", "<spaced1>", "<spaced2>",
            ] + shapes + [
                "h:brand-other", "h:dom-cheap", "h:dom-tenant", "h:odd-letters", "h:name-sign",
                "h:subj-to", "h:links-cheap",
            ])
    }

    @Test(
        "The kind of a token says what it counts as",
        arguments: [
            ("word", TokenKind.word), ("привет", .word), ("d7", .word), ("v@lium", .word),
            ("a", .letter), ("ß", .letter), ("я", .letter), ("語", .word), ("あ", .word),
            ("한", .word),
            ("<unk>", .unknownWord), ("<o:w:s:0>", .unknownWord), ("<a>", .link), ("<url>", .link),
            ("u:shop", .link), ("tld:com", .link), ("<url:q>", .other), ("<ux:php>", .other),
            ("<mailto>", .other), ("<email>", .other), ("<img>", .other), ("<d4>", .other),
            ("<pad>", .other), ("<form>", .other), ("s:alt", .other), ("h:prio", .other),
            ("n:img:1", .other), ("!!!", .other), ("<<<", .other), ("$", .other),
            ("\u{1F600}", .other), ("1", .other),
        ])
    func kinds(_ token: String, _ expected: TokenKind) { #expect(TokenKind(token) == expected) }

    @Test(
        "Counts become levels",
        arguments: [
            (0, nil, nil, nil, nil), (1, "<hid1>", "<zw1>", "n:img:1", "n:misleading-link:1"),
            (2, "<hid1>", "<zw1>", "n:img:2", "n:misleading-link:2"),
            (4, "<hid1>", "<zw1>", "n:img:2", "n:misleading-link:2"),
            (5, "<hid1>", "<zw2>", "n:img:2", "n:misleading-link:2"),
            (6, "<hid1>", "<zw2>", "n:img:3", "n:misleading-link:3"),
            (9, "<hid1>", "<zw2>", "n:img:3", "n:misleading-link:3"),
            (10, "<hid2>", "<zw2>", "n:img:3", "n:misleading-link:3"),
            (20, "<hid2>", "<zw2>", "n:img:3", "n:misleading-link:3"),
            (21, "<hid2>", "<zw2>", "n:img:4", "n:misleading-link:4"),
            (60, "<hid3>", "<zw2>", "n:img:4", "n:misleading-link:4"),
            (80, "<hid3>", "<zw2>", "n:img:4", "n:misleading-link:4"),
            (81, "<hid3>", "<zw2>", "n:img:5", "n:misleading-link:5"),
        ] as [(Int, String?, String?, String?, String?)])
    func levels(
        _ count: Int, _ hidden: String?, _ zeroWidth: String?, _ tags: String?, _ links: String?
    ) {
        #expect(ModelToken.hiddenWords.token(forCount: count) == hidden)
        #expect(ModelToken.zeroWidth.token(forCount: count) == zeroWidth)
        #expect(ModelToken.tagCount("img", count) == tags)
        #expect(ModelToken.misleadingLinks(count) == links)
    }

    @Test("The ratio has seven steps", arguments: [(-1, 0), (0, 0), (3, 3), (6, 6), (99, 6)])
    func ratio(_ step: Int, _ expected: Int) {
        #expect(ModelToken.markupRatio(step) == "n:ratio:\(expected)")
    }

    @Test(
        "Digits are classed",
        arguments: [
            (0, "<d1>"), (1, "<d1>"), (2, "<d2>"), (3, "<d3>"), (4, "<d4>"), (5, "<d5-6>"),
            (6, "<d5-6>"), (7, "<d7+>"), (99, "<d7+>"),
        ])
    func digits(_ count: Int, _ expected: String) {
        #expect(ModelToken.Digits(count: count).token == expected)
    }

    @Test("A literal token is its family's prefix and its value")
    func literals() {
        for trait in ModelToken.URLTrait.allCases {
            #expect(trait.token == "\(ModelToken.urlTrait.rawValue)\(trait.rawValue)>")
        }
        for digits in ModelToken.Digits.allCases {
            #expect(digits.token == "\(ModelToken.number.rawValue)\(digits.rawValue)>")
        }
    }
}
