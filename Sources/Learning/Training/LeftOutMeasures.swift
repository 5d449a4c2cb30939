import ASCIIText
import TextCNN

/// What siftd marks of a source of mail as spam, with a model that was trained without it.
///
/// This is nearer to what a new site will see than the pooled figures of a test part, whose senders
/// the model knows.
public struct LeftOutMeasures: Codable, Sendable, Equatable {
    /// The data set that was left out.
    public var set: String
    /// Its wanted messages.
    public var ham: Int
    /// How many of them are marked.
    public var taggedHam: Int
    /// Its spam.
    public var spam: Int
    /// How much of it is marked.
    public var taggedSpam: Int

    enum CodingKeys: String, CodingKey {
        case set, ham, spam
        case taggedHam = "tagged_ham"
        case taggedSpam = "tagged_spam"
    }

    /// Reads a line `set<TAB>ham<TAB>tagged ham<TAB>spam<TAB>tagged spam`; nil for anything else.
    public init?(line: some StringProtocol) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        let numbers = fields.dropFirst().compactMap { Int($0) }
        guard fields.count == 5, numbers.count == 4, !fields[0].isEmpty,
            numbers.allSatisfy({ $0 >= 0 }), numbers[1] <= numbers[0], numbers[3] <= numbers[2]
        else { return nil }
        set = String(fields[0])
        (ham, taggedHam, spam, taggedSpam) = (numbers[0], numbers[1], numbers[2], numbers[3])
    }

    /// The table of the model card, in Markdown.
    static func table(_ rows: [LeftOutMeasures]) -> String {
        func share(_ hits: Int, _ total: Int) -> String {
            guard total > 0 else { return "- | -" }
            let (low, high) = Threshold.interval(hits, of: total)
            return "\((Double(hits) / Double(total)).fixed(3)) | "
                + "\(low.fixed(3)) to \(high.fixed(3))"
        }
        let lines = rows.map { row in
            "| \(row.set) | \(row.ham) | \(share(row.taggedHam, row.ham)) | \(row.spam) | "
                + "\(share(row.taggedSpam, row.spam)) |"
        }
        return
            ([
                "| set | ham | tagged | 95 % interval | spam | tagged | 95 % interval |",
                "|---|---|---|---|---|---|---|",
            ] + lines)
            .joined(separator: "\n")
    }
}
