import Corpora
import TextCNN

/// How the labels of a data set relate to each other, which decides the head of a model.
public enum Labelling: String, Codable, Sendable, CaseIterable {
    /// `ham` and `spam`: one sigmoid.
    case spam
    /// Each message has one of several labels: softmax.
    case exclusive
    /// Each message has any number of labels, joined by `|` in the data: a sigmoid each.
    case several

    /// The head of a model with such labels.
    public var head: Head { self == .exclusive ? .softmax : .sigmoid }

    /// The labels of the model that a label of the data stands for; none for `ham`.
    func names(of label: String) -> [String] {
        switch self {
        case .spam: label == Label.spam.rawValue ? [label] : []
        case .exclusive: label.isEmpty ? [] : [label]
        case .several: label.split(separator: "|").map(String.init)
        }
    }

    /// The labels of a model trained on these, in the order of its logits.
    func labels(of items: [DataSet.Item]) -> [String] {
        if self == .spam { return [Label.spam.rawValue] }
        return Set(items.flatMap { names(of: $0.label) }).sorted()
    }

    /// 1 for each of a model's labels that holds, else 0; `[labels]`.
    func targets(_ label: String, in labels: [String]) -> [Float] {
        let names = Set(names(of: label))
        return labels.map { names.contains($0) ? 1 : 0 }
    }

    /// Checks a label of the data; `ham` and `spam` may be written in capitals.
    ///
    /// - Parameters:
    ///   - name: the label as in the data.
    ///   - location: data set and path, for the error.
    /// - Returns: the label to use.
    /// - Throws: `CorpusError` for an empty label, or one that is neither ham nor spam where those
    ///   are expected.
    func checked(_ name: String, at location: String) throws -> String {
        guard self == .spam else {
            guard !names(of: name).isEmpty else {
                throw CorpusError(path: location, reason: "the label is empty")
            }
            return name
        }
        guard let label = Label(rawValue: name.lowercased()) else {
            throw CorpusError(
                path: location, reason: "the label \"\(name)\" is neither ham nor spam")
        }
        return label.rawValue
    }
}
