/// The header fields siftd adds, in the form that mail users' rules already match (conventions.md
/// section 1).
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

    private static let lowercasePrefix = "x-spam"

    /// The fields of a judged message.
    ///
    /// - Parameter reasons: words and facts that moved the score, and what each adds to the log-odds
    ///   of spam; empty leaves `X-Spam-Reason` out.
    public static func fields(
        for judgement: Judgement, model: String, version: String,
        reasons: [(text: String, share: Double)] = []
    ) -> [Field] {
        let isSpam = judgement.verdict == .spam
        let score = decimal(judgement.points)
        let status =
            "\(isSpam ? "Yes" : "No"), score=\(score) required="
            + "\(decimal(Judgement.requiredPoints)) tests=TEXTCNN p="
            + "\(probability(judgement.probability)) model=\(printable(model)) "
            + "version=siftd/\(version)"
        var fields = [
            Field("X-Spam-Flag", isSpam ? "YES" : "NO"),
            Field("X-Spam-Score", score),
            Field("X-Spam-Status", status),
        ]
        let stars = min(Int(judgement.points), 10)
        if stars > 0 {
            fields.append(Field("X-Spam-Level", String(repeating: "*", count: stars)))
        }
        if !reasons.isEmpty {
            fields.append(Field("X-Spam-Reason", ReasonHeader.value(reasons)))
        }
        return fields
    }

    /// The one field of a message that was delivered without being judged.
    public static func unscanned(reason: String) -> [Field] {
        [
            Field(
                "X-Spam-Status",
                "No, score=0.00 required=\(decimal(Judgement.requiredPoints)) tests=UNSCANNED "
                    + "reason=\(printable(reason))")
        ]
    }

    /// True for a field that must not come in from outside: senders forge verdicts.
    public static func isForged(_ name: String, also names: [String]) -> Bool {
        let lower = name.lowercased()
        return lower.hasPrefix(lowercasePrefix) || names.contains { $0.lowercased() == lower }
    }

    private static func decimal(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func probability(_ value: Double) -> String {
        let units = Int((min(max(value, 0), 1) * 10_000).rounded())
        let rest = String(units % 10_000)
        return "\(units / 10_000)." + String(repeating: "0", count: 4 - rest.count) + rest
    }

    private static func printable(_ text: String) -> String {
        String(
            text.unicodeScalars.filter { $0.value > 0x20 && $0.value < 0x7F }.map(Character.init))
    }
}
