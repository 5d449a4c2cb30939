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
        "What a language asks for depends on how much wanted mail of it, and from where, was learnt",
        arguments: [
            // The main language of a small site with one folder of mail.
            (LearntLanguages.Counts(ham: 60, spam: 5), 60, 0),
            (.init(ham: 60, spam: 5), 500, 0), (.init(ham: 60, spam: 5), 601, .infinity),
            (.init(ham: 300, spam: 90, elsewhere: 49), 9_000, .infinity),
            (.init(ham: 300, spam: 90, elsewhere: 50), 9_000, 1),
            (.init(ham: 100, spam: 30, elsewhere: 50), 9_000, 1),
            (.init(ham: 99, spam: 30, elsewhere: 50), 9_000, .infinity),
            (.init(ham: 300, spam: 29, elsewhere: 100), 9_000, .infinity),
            (.init(ham: 150, spam: 100, elsewhere: 100), 9_000, 0),
            (.init(ham: 149, spam: 100, elsewhere: 100), 9_000, 1),
            (.init(ham: 150, spam: 99, elsewhere: 100), 9_000, 1),
            (.init(ham: 150, spam: 100, elsewhere: 99), 9_000, 1),
            (.init(), 9_000, .infinity),
        ])
    func margins(_ counts: LearntLanguages.Counts, _ all: Int, _ margin: Double) {
        let others = LearntLanguages.Counts(ham: all - counts.ham, spam: 90)
        #expect(languages(["de": counts, "en": others]).margin(of: "de") == margin)
    }

    @Test("Nothing is spam in a language that training never saw")
    func unseen() {
        #expect(languages(["de": .init(ham: 9, spam: 9)]).margin(of: "fi") == .infinity)
        #expect(LearntLanguages().margin(of: "en") == .infinity)
        let both = languages(["de": .init(ham: 9), "en": .init(ham: 500)])
        #expect(both.margin(of: "en") == 0 && both.margin(of: "de") == .infinity)
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
