import Models
import TextCNN
import TextFeatures

/// What facts about the author weigh in a model, by their tokens: for a model with another
/// vocabulary.
public struct AuthorWeights: Codable, Sendable, Equatable {
    /// In units of the logit.
    let weights: [String: Float]
    /// How far all of them together may lower a logit.
    let bound: Float

    /// Those of a model; nil if it has none.
    public init?(of bundle: ModelBundle) {
        self.init(of: bundle.network, bundle.vocabulary)
    }

    init?(of network: Network?, _ vocabulary: Vocabulary) {
        guard let term = network?.segmentation?.author else { return nil }
        weights = Dictionary(
            uniqueKeysWithValues: term.weights.map { (vocabulary.token($0), $1) })
        bound = term.bound
    }

    /// The term for a vocabulary, of the facts that it has.
    func term(for vocabulary: Vocabulary) -> FactTerm {
        let known = vocabulary.authorFacts.keys.map { id in
            (id, weights[vocabulary.token(id)] ?? 0)
        }
        return FactTerm(
            weights: Dictionary(uniqueKeysWithValues: known),
            unread: vocabulary.factsBesideNetwork, bound: bound)
    }
}
