import ASCIIText

/// The header fields siftd adds.
public enum SpamHeaders {
    /// Name and value of one field.
    public struct Field: Sendable, Equatable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The fields of a judged message, as the templates say.
    ///
    /// - Parameters:
    ///   - labels: of a model that knows more than spam, those that hold.
    ///   - reasons: words and facts that moved the score, and what each adds to the log-odds of spam.
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

    /// The one field of a message that was delivered without being judged.
    public static func unscanned(reason: String) -> [Field] {
        [
            Field(
                "X-Spam-Status",
                "No, score=0.00 required=\(Judgement.requiredPoints.fixed(2)) tests=UNSCANNED "
                    + "reason=\(printable(reason))")
        ]
    }

    /// Who a redirected message was for.
    public static func originalRecipients(_ recipients: [String]) -> Field {
        let shown = recipients.prefix(20).map(printable).joined(separator: ", ")
        let more = recipients.count > 20 ? ", and \(recipients.count - 20) more" : ""
        return Field("X-Spam-Original-To", folded(shown + more))
    }

    /// Lines above 250 characters are broken at spaces, with a line feed and a tab as libmilter
    /// wants it; RFC 5322 allows 998.
    static func folded(_ value: String) -> String {
        value.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.utf8.count > 250 else { return String(line) }
            var lines = [""]
            for word in line.split(separator: " ", omittingEmptySubsequences: false) {
                let last = lines[lines.count - 1]
                if !last.isEmpty, last.utf8.count + word.utf8.count > 75 {
                    lines.append(String(word))
                } else {
                    lines[lines.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
                }
            }
            return lines.joined(separator: "\n\t")
        }.joined(separator: "\n")
    }

    private static func printable(_ text: String) -> String {
        String(decoding: text.utf8.filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
    }
}
