import TextCNN

/// The measures of one part of the data, for either kind of labels.
enum PartMeasures: Codable, Sendable {
    case spam(Evaluation)
    case labels(LabelEvaluation)

    /// A human-readable table.
    var table: String {
        switch self {
        case .spam(let evaluation): evaluation.table
        case .labels(let evaluation): evaluation.table
        }
    }

    /// The number that a search for options maximises: the area under the ROC curve, or micro-F1.
    var score: Double {
        switch self {
        case .spam(let evaluation): evaluation.overall.rocAUC ?? 0
        case .labels(let evaluation): evaluation.measures.microF1
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .spam(let evaluation): try evaluation.encode(to: encoder)
        case .labels(let evaluation): try evaluation.encode(to: encoder)
        }
    }

    init(from decoder: any Decoder) throws {
        if let evaluation = try? Evaluation(from: decoder) {
            self = .spam(evaluation)
        } else {
            self = .labels(try LabelEvaluation(from: decoder))
        }
    }
}
