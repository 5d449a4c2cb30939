import Testing

@testable import TextFeatures

@Suite struct WordPiecesTests {
    private static let vocabulary = Vocabulary.of([
        "payment": 40, "outstanding": 10, "your": 500, "now": 300, "if": 500, "it": 600, "is": 700,
        "so": 500, "we": 600, "go": 300, "to": 900, "am": 300, "soon": 20, "item": 40, "me": 300,
        "no": 200, "at": 800, "in": 800, "pa": 1, "en": 4, "us": 300,
    ])

    @Test(
        "Pieces of words are read as the words that they spell",
        arguments: [
            ("yo ur ou ts ta nd in g pa ym en t no w", "your outstanding payment now"),
            ("yo-ur-pa-ym-en-t-no-w", "your payment now"),
            // What is no word stays where it is.
            (
                "yo ur !!! ou ts ta nd in g ??? pa ym en t",
                "your outstanding payment"
            ),
            ("your outs tand ing paym ent now", "your outstanding payment now"),
            // Words are left alone, whatever else they might spell.
            ("if it is so we go to us", "if it is so we go to us"),
            ("so it em me no us to", "so it <o:w:s:3> me no us to"),
            // Few pieces are none.
            ("pa ym en t", "pa <o:w:s:3> en <o:w:s:0>"),
            (
                "aa bb cc dd ee ff gg",
                "<o:w:s:3> <o:w:s:0> <o:w:s:0> <o:w:s:0> <o:w:s:3>"
                    + " <o:w:s:0> <o:w:s:0>"
            ),
        ])
    func pieces(_ text: String, _ expected: String) throws {
        #expect(line(text) == "<subj> <body> \(expected)")
    }

    @Test("Each word that pieces spell comes from the piece it begins in")
    func origins() {
        let stream = stream("yo ur pa ym en t now")
        let origins = TextPipeline.standard.origins(of: stream, in: WordPiecesTests.vocabulary)
        let first = stream.count - 7
        #expect(origins == [0, 1, first, first + 2, first + 6])
    }

    @Test("What stands behind words in pieces stays behind them")
    func behind() {
        let body = Array("yo ur pa ym en t no w".utf8)
        let mark = Document.Mark(offset: body.count, kind: .link("https://x.example.com/"))
        let stream = TextPipeline.standard.tokens(
            of: Document(
                subject: nil, body: body + Array(" ! outstanding".utf8), marks: [mark], source: []))
        let ids = TextPipeline.standard.ids(of: stream, in: WordPiecesTests.vocabulary)
        #expect(
            WordPiecesTests.vocabulary.line(ids)
                == "<subj> <body> your payment now <a> outstanding")
        let origins = TextPipeline.standard.origins(of: stream, in: WordPiecesTests.vocabulary)
        #expect(origins.count == ids.count && origins == origins.sorted())
    }

    @Test("Between words in pieces other tokens stay where they are")
    func between() {
        let body = Array("yo ur pa ym en t no w".utf8)
        let mark = Document.Mark(offset: 6, kind: .link("https://x.example.com/"))
        let stream = TextPipeline.standard.tokens(
            of: Document(subject: nil, body: body, marks: [mark], source: []))
        let ids = TextPipeline.standard.ids(of: stream, in: WordPiecesTests.vocabulary)
        #expect(
            WordPiecesTests.vocabulary.line(ids)
                == "<subj> <body> your <a> payment now")
    }

    @Test(
        "Letters with other signs between them are spaced-out ones",
        arguments: [
            "p\u{2800}a\u{2800}y\u{2800}m\u{2800}e\u{2800}n\u{2800}t",
            "p\u{E000}a\u{E000}y\u{E000}m\u{E000}e\u{E000}n\u{E000}t", "p/a/y/m/e/n/t",
            "(p)(a)(y) (m)(e)(n)(t)", "p·a·y·m·e·n·t", "t n e m y a p",
        ])
    func separators(_ text: String) {
        #expect(line(text).contains("payment"))
    }

    private func stream(_ text: String) -> TokenStream {
        TextPipeline.standard.tokens(
            of: Document(subject: nil, body: Array(text.utf8), source: []))
    }

    private func line(_ text: String) -> String {
        let ids = TextPipeline.standard.ids(of: stream(text), in: WordPiecesTests.vocabulary)
        return WordPiecesTests.vocabulary.line(ids)
    }
}
