import FilterTestKit
import Foundation
import MailText
import Models
import Testing
import TextFeatures

@Suite struct TextEvidenceTests {
    private static let kinds: [TokenKind] = [.other, .unknownWord, .word, .link, .letter]

    @Test(
        "Words, known words and links are counted",
        arguments: [
            ([], 0, 0, 0), ([0, 0], 0, 0, 0), ([2, 2, 1], 3, 2, 0), ([3, 3, 2, 0], 1, 1, 2),
            ([1, 1], 2, 0, 0), ([4, 4, 2], 3, 3, 0),
        ] as [([Int32], Int, Int, Int)])
    func counts(_ ids: [Int32], _ words: Int, _ known: Int, _ links: Int) {
        let evidence = TextEvidence(ids, TextEvidenceTests.kinds)
        #expect(evidence.words == words && evidence.knownWords == known && evidence.links == links)
        #expect(evidence.tokens == words + links && evidence.knownProbability == nil)
    }

    @Test(
        "A text is mostly unknown from eight words on, with less than a third of them known",
        arguments: [
            (7, 0, false), (8, 0, true), (8, 2, true), (8, 3, false), (9, 3, false), (9, 2, true),
            (30, 9, true), (30, 10, false), (0, 0, false),
        ])
    func isMostlyUnknown(_ words: Int, _ known: Int, _ expected: Bool) {
        var evidence = TextEvidence()
        (evidence.words, evidence.knownWords) = (words, known)
        #expect(evidence.isMostlyUnknown == expected)
    }

    @Test("Single letters are words, but don't make a text known")
    func letters() {
        let kinds = TextEvidenceTests.kinds
        let nonsense = TextEvidence([4, 4, 1, 4, 2, 4, 4, 2, 4], kinds)
        #expect(nonsense.knownWords == 8 && nonsense.letters == 6 && nonsense.isMostlyUnknown)
        #expect(!TextEvidence([4, 2, 1, 2, 2, 4, 4, 2, 4], kinds).isMostlyUnknown)
    }

    @Test("The model that comes with siftd knows most words of the base mail that does")
    func baseMail() throws {
        let share = Checkout.file("share/siftd")
        let model = try ScoringModel(directory: share + "/models/starter")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: share + "/reservoir.bin"))
        // It keeps other numbers of the same tokens, which changes nothing.
        let unknown = try #require(model.unknownShare(of: Reservoir(encoded: Array(bytes))))
        #expect(unknown > 0 && unknown < 0.3)
    }

    @Test("A text in an unknown language has the probability of its known words")
    func unknownLanguage() throws {
        let model = try ScoringModel(TinyModel.shared.get())
        let foreign =
            "Subject: x\n\nkérjük olvassa el figyelmesen a mellékelt levelet mihamarabb köszönjük"
        let evidence = model.evidence(of: model.ids(of: MailContent(message: Array(foreign.utf8))))
        #expect(evidence.words >= 8 && evidence.isMostlyUnknown)
        #expect(try (0...1).contains(#require(evidence.knownProbability)))
        let known = MailContent(message: TinyModel.message(.ham, 1))
        #expect(model.evidence(of: model.ids(of: known)).knownProbability == nil)
    }
}
