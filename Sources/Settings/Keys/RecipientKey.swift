import FilterPolicy

/// One key of a `[recipient."…"]` table, which changes the policy for an address or a domain.
struct RecipientKey: Sendable {
    let name: String
    let read: @Sendable (inout RecipientPolicy, ConfigurationValue) throws -> Void
    /// Nil when the key is not set.
    let show: @Sendable (RecipientPolicy) -> String?

    static let section = "recipient"

    static let all: [RecipientKey] = [
        RecipientKey(
            name: "judge", read: { $0.judges = try $1.bool() },
            show: { $0.judges.map { "\($0)" } }),
        RecipientKey(
            name: "tag_threshold", read: { $0.tagThreshold = try $1.probability() },
            show: { $0.tagThreshold.map { "\($0)" } }),
        RecipientKey(
            name: "unsure_threshold", read: { $0.unsureThreshold = try $1.probability() },
            show: { $0.unsureThreshold.map { "\($0)" } }),
        RecipientKey(
            name: "reject", read: { $0.rejects = try $1.bool() },
            show: { $0.rejects.map { "\($0)" } }),
        RecipientKey(
            name: "reject_threshold", read: { $0.rejectThreshold = try $1.probability() },
            show: { $0.rejectThreshold.map { "\($0)" } }),
        RecipientKey(
            name: "actions", read: { $0.rules = try $1.strings().map(SettingKey.rule) },
            show: { $0.rules.map { Shown.list($0.map(\.description)) } }),
    ]

    /// The tables, as they stand in a file.
    static func show(_ recipients: [String: RecipientPolicy]) -> String {
        recipients.sorted { $0.key < $1.key }.map { name, policy in
            let lines = all.compactMap { key in key.show(policy).map { "\(key.name) = \($0)\n" } }
            return "\n[\(section).\(Shown.text(name))]\n" + lines.joined()
        }.joined()
    }

    /// For the sample file.
    static let sample = """

        # Other settings for some recipients, by address or domain. Where the recipients of a message
        # differ, the most lenient holds; judge = false, to pass mail unjudged, is the most lenient.
        #     [recipient."example.org"]
        #     tag_threshold = 0.95
        #     actions = ["quarantine from 0.99"]
        # The keys are judge, tag_threshold, unsure_threshold, reject, reject_threshold and actions.

        """
}
