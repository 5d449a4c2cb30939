extension Judgement {
    /// The most lenient judgement of the recipients' policies, and the name of the policy it came
    /// from.
    ///
    /// Of equally lenient judgements the first counts, so the general policy goes before named
    /// ones.
    ///
    /// - Parameters:
    ///   - policies: those of the message's recipients, at least one; see
    ///     ``PolicySettings/applied(to:)``.
    ///   - judge: the judgement under one policy.
    /// - Returns: the judgement, and the address or domain its policy is configured for; `general`
    ///   where several policies apply and the general one decided, empty where only the general one
    ///   applies.
    public static func mostLenient(
        of policies: [PolicySettings.Applied], _ judge: (PolicySettings) -> Judgement
    ) -> (judgement: Judgement, policy: String) {
        guard let first = policies.first else {
            preconditionFailure("a message has at least the general policy")
        }
        var chosen = (judgement: judge(first.settings), policy: first.name)
        for policy in policies.dropFirst() {
            let judgement = judge(policy.settings)
            if judgement.isMoreLenient(than: chosen.judgement) {
                chosen = (judgement, policy.name)
            }
        }
        if policies.count > 1, chosen.policy.isEmpty { chosen.policy = "general" }
        return chosen
    }
}
