import Foundation
import Models
import Testing

@Suite struct LearntLanguagesTests {
    private func languages(
        _ counts: [String: LearntLanguages.Counts]
    ) -> LearntLanguages {
        var languages = LearntLanguages()
        languages.counts = counts
        return languages
    }

    @Test(
        "A language is learnt as the main one, or from more than one source",
        arguments: [
            // The main language of a small site with one folder of mail.
            (LearntLanguages.Counts(ham: 60, spam: 5), 60, true),
            (.init(ham: 60, spam: 5), 500, true), (.init(ham: 60, spam: 5), 601, false),
            (.init(ham: 300, spam: 90, elsewhere: 99), 9_000, false),
            (.init(ham: 300, spam: 90, elsewhere: 100), 9_000, true),
            (.init(ham: 300, spam: 29, elsewhere: 100), 9_000, false), (.init(), 9_000, false),
        ])
    func learnt(_ counts: LearntLanguages.Counts, _ all: Int, _ isLearnt: Bool) {
        let others = LearntLanguages.Counts(ham: all - counts.ham, spam: 90)
        #expect(languages(["de": counts, "en": others]).isLearnt("de") == isLearnt)
    }

    @Test("A language that training never saw is not learnt")
    func unseen() {
        #expect(!languages(["de": .init(ham: 9, spam: 9)]).isLearnt("fi"))
        #expect(!LearntLanguages().isLearnt("en"))
        #expect(languages(["de": .init(ham: 9), "en": .init(ham: 500)]).learnt == ["en"])
    }

    @Test("A file has the counts by language")
    func coding() throws {
        let written = languages(["de": .init(ham: 3, spam: 2, elsewhere: 1)])
        let bytes = try JSONEncoder().encode(written)
        #expect(
            String(decoding: bytes, as: UTF8.self).hasPrefix("{\"de\":{"))
        #expect(try JSONDecoder().decode(LearntLanguages.self, from: bytes) == written)
    }
}
