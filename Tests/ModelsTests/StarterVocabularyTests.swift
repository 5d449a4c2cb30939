import Foundation
import Testing
import TextFeatures

/// The vocabulary of the model that siftd ships: a spelling that changes would blind it to the
/// token.
@Suite struct StarterVocabularyTests {
    private func vocabulary() throws -> Vocabulary {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("share/siftd/models/starter/vocabulary.txt")
        return try Vocabulary(fileText: String(contentsOf: path, encoding: .utf8))
    }

    @Test("It begins with the reserved tokens and the markers")
    func markers() throws {
        let vocabulary = try vocabulary()
        let expected = [Vocabulary.padding, Vocabulary.unknown] + ModelToken.markers
        #expect(expected.indices.map { vocabulary.token(Int32($0)) } == expected)
        #expect(vocabulary.id(Vocabulary.unknown) == Vocabulary.unknownID)
    }

    @Test("Each token with a prefix of ours belongs to a family, and no word does")
    func families() throws {
        let vocabulary = try vocabulary()
        let prefixes = ["s:", "h:", "n:", "u:", "tld:"]
        for token in (0..<Int32(vocabulary.count)).map(vocabulary.token) {
            // Such as `<<`, and `<<<+` for more of them.
            let isSign = token.drop { $0 == "<" }.allSatisfy { $0 == "+" }
            let isMade =
                token.hasPrefix("<") && !isSign || prefixes.contains(where: token.hasPrefix)
            #expect((ModelToken(token) != nil) == isMade, "\(token)")
            if isMade {
                let words = ModelToken.words(for: token)
                #expect(words != nil && words != token, "\(token) has no words")
            }
        }
    }
}
