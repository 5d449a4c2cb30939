import Corpora
import TextCNN

/// What the labels of a data set are to each other, and so what kind of head a model gets.
public enum Labelling: String, Codable, Sendable, CaseIterable {
    /// `ham` and `spam`: one sigmoid.
    case spam
    /// Each message has one of several labels: softmax.
    case exclusive
    /// Each message has any number of labels, joined by `|` in the data: a sigmoid each.
    case several

    public var head: Head { self == .exclusive ? .softmax : .sigmoid }

    /// The single labels that a data set's label stands for.
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
        let own = Set(names(of: label))
        return labels.map { own.contains($0) ? 1 : 0 }
    }

    /// The label as it is used.
    ///
    /// - Parameter place: set and path, for the error.
    /// - Throws: ``CorpusError``.
    func checked(_ name: String, at place: String) throws -> String {
        guard self == .spam else {
            guard !names(of: name).isEmpty else {
                throw CorpusError(path: place, reason: "the label is empty")
            }
            return name
        }
        guard let label = Label(rawValue: name.lowercased()) else {
            throw CorpusError(
                path: place, reason: "the label \"\(name)\" is neither ham nor spam")
        }
        return label.rawValue
    }
}
