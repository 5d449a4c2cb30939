import Corpora
import Models
import TextFeatures

/// Labelled messages as tokens, divided into parts.
public struct DataSet: Sendable {
    /// One message.
    public struct Item: Sendable {
        /// The name of the data set that it is from.
        public var set: String
        /// Its path in the data set.
        public var path: String
        /// The label as in the data: `ham`, `spam`, a topic, or topics joined by `|`.
        public var label: String
        /// Train, dev or test.
        public var part: DataSplit
        /// When it was sent, by its header, in seconds since 1970; nil when that is not known.
        public var date: Int64?
        /// The language of its text; nil when that is not certain, or was not looked for.
        public var language: String?
        /// Its tokens, before they are looked up in a vocabulary.
        public var tokens: TokenStream

        /// A message of a data set.
        public init(
            set: String, path: String, label: String, part: DataSplit, date: Int64? = nil,
            language: String? = nil, tokens: TokenStream
        ) {
            self.set = set
            self.path = path
            self.label = label
            self.part = part
            self.date = date
            self.language = language
            self.tokens = tokens
        }

        var isSpam: Bool { label == Label.spam.rawValue }
    }

    /// All messages, in the order of the data sets.
    public internal(set) var items: [Item] = []
    /// The data sets, for the report.
    public internal(set) var sources: [DataSource] = []

    /// Messages that were read elsewhere.
    ///
    /// - Parameters:
    ///   - items: the messages, in any order.
    ///   - sources: where they are from, for the report.
    public init(_ items: [Item] = [], sources: [DataSource] = []) {
        self.items = items
        self.sources = sources
    }

    /// The messages of one part.
    public func part(_ part: DataSplit) -> [Item] { items.filter { $0.part == part } }

    /// The data without some messages of the train part, by their paths.
    func leavingOutOfTraining(_ paths: Set<String>) -> DataSet {
        DataSet(
            items.filter { $0.part != .train || !paths.contains($0.path) }, sources: sources)
    }

    /// Numbers of the data sets that messages are from, by name.
    static func numbers(of items: [Item]) -> [String: Int32] {
        var numbers: [String: Int32] = [:]
        for item in items where numbers[item.set] == nil {
            numbers[item.set] = Int32(numbers.count)
        }
        return numbers
    }

    /// The languages of the train part of a spam filter's mail; nil where nobody looked for them.
    var languages: LearntLanguages? {
        var languages = LearntLanguages()
        var ham: [String: [String: Int]] = [:]
        for item in items where item.part == .train {
            guard let language = item.language else { continue }
            languages.counts[language, default: .init()].add(isSpam: item.isSpam)
            if !item.isSpam { ham[language, default: [:]][item.set, default: 0] += 1 }
        }
        for (language, sets) in ham {
            let largest = sets.values.max() ?? 0
            languages.counts[language]?.elsewhere = sets.values.reduce(-largest, +)
        }
        return languages.counts.isEmpty ? nil : languages
    }

    /// Messages by data set, and by part and label such as `train_ham`.
    func counts(_ labelling: Labelling) -> [String: [String: Int]] {
        var counts: [String: [String: Int]] = [:]
        for item in items {
            let names = labelling == .spam ? [item.label] : labelling.names(of: item.label)
            for name in names {
                counts[item.set, default: [:]]["\(item.part.rawValue)_\(name)", default: 0] += 1
            }
        }
        return counts
    }
}
