import Testing
import TextFeatures

@Suite struct UnknownWordTests {
    private static let vocabulary = Vocabulary.of([
        "viagra": 50, "buy": 40, "now": 30, "paypal": 20, "soon": 3, "rare": 2, "all": 9, "ill": 9,
        "lol": 5, "me": 60, "et": 1, "meet": 20, "cheap": 3,
    ])

    private func resolver(without missing: TextPipelineSpec.Step? = nil) -> UnknownWord {
        UnknownWord(
            vocabulary: UnknownWordTests.vocabulary,
            steps: StepSet(TextPipelineSpec.standard.steps.filter { $0 != missing }))
    }

    @Test(
        "A word is read through its disguise, or becomes its shape",
        arguments: [
            ("v1agra", "<leet> viagra"), ("v1agr4", "<leet> viagra"), ("700n", "<o:d:s>"),
            ("5oon", "<leet> soon"),
            // The reading must be in three training messages.
            ("r4re", "<o:d:s>"),
            // Of two readings the first in order.
            ("1ll", "<leet> ill"), ("a11", "<leet> all"), ("101", "<o:d:s>"),
            ("vіаgrа", "<mixed> viagra"), ("рayрal", "<mixed> paypal"),
            ("ꝑaɏꝑal", "<mixed> paypal"),
            ("ɓuy", "<mixed> buy"), ("привет", "<o:x:m>"),
            ("zzzzz", "<o:w:m:0>"), ("n0", "<o:d:s>"),
        ])
    func word(_ text: String, _ expected: String) {
        var ids: [Int32] = []
        var resolver = resolver()
        resolver.appendWord(utf8(text), to: &ids)
        #expect(UnknownWordTests.vocabulary.line(ids) == expected)
    }

    @Test(
        "Without a step its reading is not tried",
        arguments: [
            (TextPipelineSpec.Step.leet, "v1agra", "<o:d:m>"),
            (.lookalikes, "vіаgrа", "<o:x:m>"), (.shapes, "zzzzz", "<unk>"),
        ])
    func stepMissing(_ step: TextPipelineSpec.Step, _ text: String, _ expected: String) {
        var ids: [Int32] = []
        var resolver = resolver(without: step)
        resolver.appendWord(utf8(text), to: &ids)
        #expect(UnknownWordTests.vocabulary.line(ids) == expected)
    }

    @Test(
        "A word with signs in it is read as leet, else as its pieces",
        arguments: [
            ("v|agra", "<leet> viagra"), ("vi@gr@", "<leet> viagra"), ("buy@now", "buy now"),
            ("buy$zzz", "buy <o:w:s:0>"), ("a@b|c", "<o:w:s:3> <o:w:s:0> <o:w:s:0>"),
            ("@@", ""),
        ])
    func mixed(_ text: String, _ expected: String) {
        var ids: [Int32] = []
        let resolver = resolver()
        resolver.appendMixed(utf8(text), to: &ids)
        #expect(UnknownWordTests.vocabulary.line(ids) == expected)
    }

    @Test(
        "Spaced-out letters become the likeliest known words",
        arguments: [
            ("viagra", "viagra"), ("buyviagranow", "buy viagra now"),
            ("xviagra", "viagra"), ("zzzz", ""), ("", ""),
            // One frequent word is cheaper than two.
            ("meet", "meet"), ("meme", "me me"),
        ])
    func spaced(_ letters: String, _ expected: String) {
        var ids: [Int32] = []
        var resolver = resolver()
        resolver.appendSpaced(utf8(letters), to: &ids)
        #expect(UnknownWordTests.vocabulary.line(ids) == expected)
    }

    @Test("Of endless spaced-out letters the first 8,000 are read")
    func longSpaced() {
        var ids: [Int32] = []
        var resolver = resolver()
        resolver.appendSpaced(utf8(String(repeating: "viagra", count: 2_000)), to: &ids)
        #expect(ids.count == 8_000 / 6)
    }

    @Test(
        "A word put together of known ones, or known from its end, is read as those",
        arguments: [
            ("buyviagranow", "buy viagra now"), ("nowsoonbuy", "now soon buy"),
            ("argaiv", "viagra"),
            // Names are not put together of the short words in them.
            ("bzuymezzet", "<o:w:l:2>"), ("parliament", "<o:w:l:2>"),
            // Two known words are often one, and short or rare words others' ends.
            ("buyviagra", "<o:w:l:3>"), ("paehc", "<o:w:m:2>"), ("won", "<o:w:s:2>"),
        ])
    func glued(_ word: String, _ expected: String) {
        var ids: [Int32] = []
        var resolver = resolver()
        resolver.appendWord(utf8(word), to: &ids)
        #expect(UnknownWordTests.vocabulary.line(ids) == expected)
    }

    @Test(
        "A word too long to be one is read as known ones, else as its front",
        arguments: [
            (String(repeating: "buyviagranow", count: 3), "buy viagra now"),
            (
                String(String(repeating: "buyviagranow", count: 3).reversed()), "buy viagra now"
            ),
            (String(repeating: "z", count: 40), "<o:w:xl:0>"),
        ])
    func tooLong(_ word: String, _ expected: String) {
        var ids: [Int32] = []
        var resolver = resolver()
        resolver.appendGlued(utf8(word), to: &ids)
        #expect(UnknownWordTests.vocabulary.line(ids).hasPrefix(expected))
        #expect(ids.count == (expected.hasPrefix("<") ? 1 : 9))
    }
}
