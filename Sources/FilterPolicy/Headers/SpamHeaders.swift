import ASCIIText

/// The header fields that siftd adds.
public enum SpamHeaders {
    /// Name and value of one field; a fold in the value is a line feed and a tab.
    public struct Field: Sendable, Equatable {
        /// Without the colon.
        public var name: String
        /// Printable ASCII and folds.
        public var value: String

        /// A field with this name and value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The fields of a judged message.
    ///
    /// - Parameters:
    ///   - judgement: of the message.
    ///   - templates: of the fields; one whose value would be empty adds none.
    ///   - model: the model's version.
    ///   - version: siftd's.
    ///   - labels: those that apply, of a model with more labels than spam.
    ///   - reasons: words and facts that moved the score, and what each adds to the log-odds of
    ///     spam.
    /// - Returns: the fields in the order of the templates.
    public static func fields(
        for judgement: Judgement, templates: [HeaderTemplate] = HeaderTemplate.defaults,
        model: String, version: String, labels: [String] = [],
        reasons: [(text: String, share: Double)] = []
    ) -> [Field] {
        let isSpam = judgement.verdict == .spam
        return templates.compactMap { template in
            template.value { placeholder in
                switch placeholder {
                case .flag: isSpam ? "YES" : "NO"
                case .yesNo: isSpam ? "Yes" : "No"
                case .verdict: judgement.verdict.rawValue
                case .action: judgement.action.rawValue
                case .score: judgement.points.fixed(2)
                case .required: Judgement.requiredPoints.fixed(2)
                case .stars: String(repeating: "*", count: min(Int(judgement.points), 10))
                case .p: min(max(judgement.probability, 0), 1).fixed(4)
                case .model: printable(model)
                case .version: printable(version)
                case .reasons: ReasonHeader.value(reasons)
                case .labels: labels.map(printable).joined(separator: ", ")
                }
            }.map { Field(template.name, folded($0)) }
        }
    }

    /// The one field of a message that was delivered without being judged, for a reason such as
    /// `timeout`.
    public static func unscanned(reason: String) -> [Field] {
        [
            Field(
                "X-Spam-Status",
                "No, score=0.00 required=\(Judgement.requiredPoints.fixed(2)) tests=UNSCANNED "
                    + "reason=\(printable(reason))")
        ]
    }

    /// The field that names the envelope recipients of a redirected message.
    public static func originalRecipients(_ recipients: [String]) -> Field {
        let shown = recipients.prefix(HeaderLimits.originalRecipients)
        let rest = recipients.count - shown.count
        let value = shown.map(printable).joined(separator: ", ")
        return Field("X-Spam-Original-To", folded(value + (rest > 0 ? ", and \(rest) more" : "")))
    }

    /// Folds lines that are too long at spaces, with a line feed and a tab as libmilter requires.
    static func folded(_ value: String) -> String {
        guard value.utf8.count > HeaderLimits.wholeLine else { return value }
        return value.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.utf8.count > HeaderLimits.wholeLine else { return String(line) }
            var lines = [""]
            for word in line.split(separator: " ", omittingEmptySubsequences: false) {
                let last = lines[lines.count - 1]
                if !last.isEmpty, last.utf8.count + word.utf8.count > HeaderLimits.foldedLine {
                    lines.append(String(word))
                } else {
                    lines[lines.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
                }
            }
            return lines.joined(separator: "\n\t")
        }.joined(separator: "\n")
    }

    /// Without spaces, line ends and what is not ASCII: the text becomes one word of the field.
    private static func printable(_ text: String) -> String {
        String(decoding: text.utf8.filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
    }
}
