import Testing
import TextFeatures

@Suite struct DefaultProfileTests {
    private func tokens(_ body: String, marks: [Document.Mark] = []) throws -> String {
        let document = Document(subject: nil, body: Array(body.utf8), marks: marks, source: [])
        return try TextPipeline(.standard).tokens(of: document).strings.joined(separator: " ")
    }

    /// The place of each token.
    private func sources(
        _ document: Document, _ spec: TextPipelineSpec = .standard
    ) throws -> [TokenSource] {
        let pipeline = try TextPipeline(spec)
        let stream = pipeline.tokens(of: document)
        var sources = pipeline.sources(of: stream, in: document)
        return (0..<stream.count).map { sources.source(of: $0) }
    }

    @Test(
        "Each rule of the tokeniser",
        arguments: [
            ("Hello World", "hello world"),
            ("FREE MONEY now WIN BIG", "<caps> free money now <caps> win big"),
            ("OK USA", "ok <caps> usa"),
            ("1 22 333 4444 55555 7777777", "<d1> <d2> <d3> <d4> <d5-6> <d7+>"),
            ("$9.99!!", "$ <d1> . <d2> !!"),
            ("! !!! !!!!!!!!! ! ! !", "!!!+"),
            ("a ... b", "a ... b"),
            ("joe.doe@mail.example.com wrote", "<email> wrote"),
            ("joe @ mail . example . com wrote", "<email> wrote"),
            ("x@y", "x@y"),
            (
                "http://www.shop.example.com/buy.php?id=1",
                "<url> tld:com u:shop u:example <ux:php> <url:q>"
            ),
            ("http : / / www . foo . com / bar now", "<url> tld:com u:foo now"),
            ("http://10.0.0.1:8080/", "<url> <url:ip> <url:port>"),
            ("http://user@host.example/", "<url> <url:at> tld:example u:host"),
            ("http://a.example/x http://a.example/y", "<url> tld:example u:a <url>"),
            ("v i a g r a", "<spaced1> viagra"),
            ("c-l-i-c-k here", "<spaced1> click here"),
            ("I am a b test", "i am a b test"),
            ("V@lium and hello!world", "v@lium and hello ! world"),
            ("a!b!c@d now!then", "a!b!c@d now ! then"),
            ("pаypal", "<mixed1> <mixed> paypal"),
            ("привет", "привет"),
            ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
            ("𝐛𝐨𝐥𝐝", "bold"),
            ("vi\u{200B}ag\u{200B}ra", "<zw1> viagra"),
            ("so\u{AD}ft", "<zw1> soft"),
            ("café z̶a̶l̶g̶o̶", "cafe zalgo"),
            ("你好", "你 好"),
            (String(repeating: "x", count: 30), "<long> " + String(repeating: "x", count: 30)),
            ("snake_case", "snake _ case"),
            ("\u{1F600}\u{1F600} hi", "\u{1F600} hi"),
        ])
    func rules(_ text: String, _ expected: String) throws {
        let all = try tokens(text).split(separator: " ").filter { $0 != "<subj>" && $0 != "<body>" }
        #expect(all.joined(separator: " ") == expected)
    }

    @Test(
        "A token is traced to the text it was made of",
        arguments: [
            ("Cheap pills, now!", "pills", "pills"),
            ("very v i a g r a now", "viagra", "v i a g r a"),
            ("so vi\u{200B}ag\u{200B}ra it is", "viagra", "vi\u{200B}ag\u{200B}ra"),
            ("un café noir", "cafe", "café"),
            ("un cafe\u{301} noir", "noir", "noir"),
            ("ｆｕｌｌ ｗｉｄｔｈ", "width", "ｗｉｄｔｈ"),
            ("pаypal", "paypal", "pаypal"),
            ("你好", "好", "好"),
            ("see http://a.example/x?y ok", "u:a", "http://a.example/x?y"),
        ])
    func traces(body: String, token: String, written: String) throws {
        let bytes = Array(body.utf8)
        let document = Document(subject: nil, body: bytes, source: [])
        let stream = try TextPipeline(.standard).tokens(of: document)
        let index = try #require(stream.strings.lastIndex(of: token))
        let source = try sources(document)[index]
        guard case .body(let range) = source else {
            Issue.record("\(token) comes from \(source)")
            return
        }
        #expect(String(decoding: bytes[range], as: UTF8.self) == written)
    }

    @Test(
        "Any number of marks on a letter is as good as a few",
        arguments: ["\u{301}\u{323}", "\u{5B0}"])
    func marks(pair: String) throws {
        let few = try tokens("bad" + String(repeating: pair, count: 40) + "ly put")
        let many = try tokens("bad" + String(repeating: pair, count: 5_000) + "ly put")
        #expect(few == many)
    }

    @Test("Text that was turned round is not traced, and its neighbours are not misplaced")
    func tracesNoOverride() throws {
        let bytes = Array("\u{202E}arp\u{202C} café".utf8)
        let sources = try sources(
            Document(subject: Array("Subject".utf8), body: bytes, source: []))
        #expect(sources.last == TokenSource.none && sources.contains(.subject(0..<7)))
    }

    @Test("Marks stand where they were, links become tokens of their URL")
    func marks() throws {
        let marks = [
            Document.Mark(offset: 2, kind: .link("https://x.example.com/")),
            Document.Mark(offset: 7, kind: .token("<img>")),
            Document.Mark(offset: 7, kind: .link("mailto:a@b.example")),
        ]
        #expect(
            try tokens("goclick", marks: marks)
                == "<subj> <body> go <a> tld:com u:x u:example click <img> <a> <mailto>")
    }

    @Test(
        "Facts go in front, hidden words in steps; those beside the network first, then the layout",
        arguments: [
            (true, "h:signed n:b:1 n:ratio:2 h:name-org s:alt h:no-to <hid2>"),
            (false, "<hid2> h:signed h:name-org s:alt n:b:1 n:ratio:2 h:no-to"),
        ])
    func facts(_ isLayoutFirst: Bool, _ expected: String) throws {
        let document = Document(
            subject: Array("Hi".utf8), body: Array("there".utf8),
            facts: ["h:signed", "h:name-org", "s:alt", "n:b:1", "n:ratio:2", "h:no-to"],
            hiddenWords: 20, source: [])
        var spec = TextPipelineSpec.standard
        // Models that were trained before there was the step keep the order that they know.
        if !isLayoutFirst { spec.steps.removeAll { $0 == .layoutFirst } }
        let tokens = try TextPipeline(spec).tokens(of: document).strings
        #expect(tokens.joined(separator: " ") == expected + " <subj> hi <body> there")
        #expect(spec.hasTokens(of: .standard) && TextPipelineSpec.standard.hasTokens(of: spec))
    }

    @Test(
        "Unknown words are read through their disguise, or become a shape",
        arguments: [
            ("v1agra", "<leet> viagra"), ("\\/iagra", "<o:w:m:3>"), ("v|agra", "<leet> viagra"),
            ("v i a g r a", "viagra"), ("ｖｉａｇｒａ", "viagra"),
            ("b u y v i a g r a", "buy viagra"), ("vіаgrа", "<mixed> viagra"),
            ("zzzzz", "<o:w:m:0>"), ("ab1", "<o:d:s>"), ("привет", "<o:x:m>"),
            ("a@b|c", "<o:w:s:3> <o:w:s:0> <o:w:s:0>"),
        ])
    func unknownWords(_ text: String, _ expected: String) throws {
        let pipeline = try TextPipeline(.standard)
        var builder = VocabularyBuilder()
        for _ in 0..<3 {
            builder.add(
                pipeline.tokens(
                    of: Document(subject: nil, body: Array("buy viagra".utf8), source: [])))
        }
        let vocabulary = builder.vocabulary(for: .standard, size: 100, minimumFrequency: 2)
        let stream = pipeline.tokens(
            of: Document(subject: nil, body: Array(text.utf8), source: []))
        let skipped: Set = ["<subj>", "<body>", "<spaced1>", "<mixed1>", "\\", "/"]
        let ids = pipeline.ids(of: stream, in: vocabulary).map(vocabulary.token)
            .filter { !skipped.contains($0) }
        #expect(ids.joined(separator: " ") == expected)
    }

    @Test(
        "Tricks are counted in levels in front of the text",
        arguments: [
            (0, 0, 0, []), (1, 1, 1, ["<hid1>", "<zw1>", "<mixed1>", "<spaced1>"]),
            (9, 4, 4, ["<hid1>", "<zw1>", "<mixed1>", "<spaced1>"]),
            (10, 5, 5, ["<hid2>", "<zw2>", "<mixed2>", "<spaced2>"]),
            (59, 40, 40, ["<hid2>", "<zw2>", "<mixed2>", "<spaced2>"]),
            (60, 5, 5, ["<hid3>", "<zw2>", "<mixed2>", "<spaced2>"]),
        ] as [(Int, Int, Int, [String])])
    func levels(_ hidden: Int, _ zeroWidth: Int, _ words: Int, _ expected: [String]) throws {
        let body =
            String(repeating: "so\u{AD}ft ", count: zeroWidth)
            + String(repeating: "pаypal, s p a c e! ", count: words)
        let document = Document(
            subject: nil, body: Array(body.utf8), hiddenWords: hidden, source: [])
        let tokens = try TextPipeline(.standard).tokens(of: document).strings
        #expect(Array(tokens.prefix { $0 != "<subj>" }) == expected)
    }

    @Test("Without the step there are no facts, without links no targets")
    func stepsMissing() throws {
        var spec = TextPipelineSpec.standard
        spec.steps.removeAll { $0 == .facts || $0 == .links }
        let document = Document(
            subject: nil, body: Array("go".utf8),
            marks: [
                Document.Mark(offset: 0, kind: .link("https://x.example/")),
                Document.Mark(offset: 2, kind: .token("<img>")),
            ], facts: ["s:alt"], hiddenWords: 5, source: [])
        let tokens = try TextPipeline(spec).tokens(of: document).strings
        #expect(tokens == ["<subj>", "<body>", "go", "<img>"])
    }

    @Test("Of a long subject the first 2,000 bytes are read")
    func longSubject() throws {
        let document = Document(
            subject: Array(String(repeating: "word ", count: 1_000).utf8), body: [], source: [])
        let stream = try TextPipeline(.standard).tokens(of: document)
        #expect(stream.strings.count { $0 == "word" } == 400 && !stream.isTextCut)
    }

    @Test("Capitals at the end of the subject don't hide those of the body")
    func capitalsOfBody() throws {
        let document = Document(
            subject: Array("FREE".utf8), body: Array("MONEY".utf8), source: [])
        let tokens = try TextPipeline(.standard).tokens(of: document).strings
        #expect(tokens == ["<subj>", "<caps>", "free", "<body>", "<caps>", "money"])
    }

    @Test("A host gives its tokens once, in text and links together")
    func sameHost() throws {
        let marks = [Document.Mark(offset: 0, kind: .link("http://a.example/y"))]
        #expect(
            try tokens("http://a.example/x", marks: marks)
                == "<subj> <body> <a> tld:example u:a <url>")
    }

    @Test("Of a long body front and end are read, with the marks in them, between characters")
    func windows() throws {
        var spec = TextPipelineSpec.standard
        spec.textHead = 5
        spec.textTail = 5
        let body = Array("aa дд xx bb cc".utf8)
        let marks = [0, 2, 8, 13, 16].map { Document.Mark(offset: $0, kind: .token("<m\($0)>")) }
        let document = Document(subject: nil, body: body, marks: marks, source: [])
        let stream = try TextPipeline(spec).tokens(of: document)
        #expect(
            stream.strings == [
                "<subj>", "<body>", "<m0>", "aa", "<m2>", "д", "bb", "<m13>", "cc", "<m16>",
            ])
        let sources = try sources(document, spec)
        #expect(stream.isTextCut && sources[5] == .body(3..<5))
        #expect(sources[7] == .mark(3) && sources[8] == .body(14..<16))
    }

    @Test(
        "What shows nothing takes no room in what is read of a long body",
        arguments: ["\u{200B}", "\u{2060}\u{AD}", " ", "\n\n", "\u{A0}", " \u{200B}\u{A0} "])
    func blankText(_ blank: String) throws {
        var spec = TextPipelineSpec.standard
        (spec.textHead, spec.textTail) = (20, 10)
        let filler = String(repeating: blank, count: 40)
        let body = "first\(filler) word\(filler) last"
        let document = Document(subject: nil, body: Array(body.utf8), source: [])
        let stream = try TextPipeline(spec).tokens(of: document)
        let words = stream.strings.filter { !$0.hasPrefix("<") }
        #expect(words == ["first", "word", "last"] && !stream.isTextCut)
    }

    @Test("Facts, the begins of subject and body, and marks have their sources")
    func places() throws {
        let document = Document(
            subject: Array("Hi".utf8), body: Array("there".utf8),
            marks: [Document.Mark(offset: 0, kind: .link("mailto:x"))], facts: ["s:alt"],
            source: [])
        #expect(
            try sources(document) == [
                .none, .none, .subject(0..<2), .none, .mark(0), .mark(0), .body(0..<5),
            ])
    }
}
