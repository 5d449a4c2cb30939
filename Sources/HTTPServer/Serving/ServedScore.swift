import Foundation
import HTTPTypes
import Models
import Scoring

/// What a serving contract answers about one message.
struct ServedScore: Sendable {
    /// `ham`, `spam` or `unsure`, by the thresholds of the policy.
    let verdict: String
    /// From 0 to 1.
    let spamProbability: Double
    /// Points as in X-Spam-Score.
    let points: Double
    /// The model's labels with their probabilities, in the order of their names.
    let labels: [(name: String, probability: Double)]

    init(_ message: JudgedMessage) {
        let answer = Classification(message, time: .zero)
        verdict = answer.word
        spamProbability = answer.spamProbability
        points = answer.score
        labels = answer.labels.map { (name: $0.key, probability: $0.value) }
            .sorted { $0.name < $1.name }
    }

    /// The labels of the highest probability, the first one being the highest.
    func best(_ count: Int) -> some Collection<(name: String, probability: Double)> {
        labels.sorted { ($1.probability, $0.name) < ($0.probability, $1.name) }.prefix(count)
    }
}

/// The outputs that the tensor contracts give, by name.
enum ServedOutput: String, CaseIterable, Sendable {
    /// Texts `[n]`: `ham`, `spam` or `unsure`.
    case verdict
    /// Numbers `[n]`, from 0 to 1.
    case spamProbability = "spam_probability"
    /// Points `[n]`, as in X-Spam-Score.
    case score
    /// Texts `[n, labels]`.
    case labels
    /// Numbers `[n, labels]`, each from 0 to 1, in the order of ``labels``.
    case probabilities

    /// Whether the values are texts.
    var isText: Bool { self == .verdict || self == .labels }
    /// Whether there is a value for each label.
    var isPerLabel: Bool { self == .labels || self == .probabilities }

    /// The texts of a message; empty for numbers.
    func texts(_ score: ServedScore) -> [String] {
        switch self {
        case .verdict: [score.verdict]
        case .labels: score.labels.map(\.name)
        case .spamProbability, .score, .probabilities: []
        }
    }

    /// The numbers of a message; empty for texts.
    func numbers(_ score: ServedScore) -> [Float] {
        switch self {
        case .spamProbability: [Float(score.spamProbability)]
        case .score: [Float(score.points)]
        case .probabilities: score.labels.map { Float($0.probability) }
        case .verdict, .labels: []
        }
    }
}

/// The model as the serving contracts name it.
struct ServedModel: Sendable {
    /// The name in paths.
    static let name = "siftd"

    /// The version for contracts that know texts: the model's id.
    let id: String
    /// The version for contracts that know numbers only: seconds since 1970, when the model was
    /// trained.
    let number: Int64

    init(_ model: ScoringModel) {
        id = model.id
        let trained = try? Date(model.bundle.trained, strategy: .iso8601)
        number = trained.map { Int64($0.timeIntervalSince1970) } ?? 1
    }
}

extension HTTPServer {
    /// The model in force by its name and version.
    ///
    /// - Parameters:
    ///   - name: in the path; nil where the route has it.
    ///   - version: in the path; nil takes the one in force.
    /// - Returns: name and versions.
    /// - Throws: ``Problem`` with 404 or 503.
    func servedModel(_ name: String? = nil, version: String? = nil) throws -> ServedModel {
        guard name ?? ServedModel.name == ServedModel.name else {
            throw Problem(.notFound, "the model is named \(ServedModel.name)")
        }
        guard let model = parts.classifier()?.judge.model else {
            throw Problem(.serviceUnavailable, "there is no model", retryAfter: 1)
        }
        let served = ServedModel(model)
        guard version == nil || version == served.id || version == "\(served.number)" else {
            throw Problem(
                .notFound, "the version in force is \(served.id), by number \(served.number)")
        }
        return served
    }
}
