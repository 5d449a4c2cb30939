/// What becomes of a proposal, by what the hosts say of it.
public enum FleetDecision: Sendable, Equatable {
    /// Hosts that were heard of lately have not answered yet.
    case wait
    /// The hosts change to the model.
    case activate
    /// The hosts keep the old model, for this reason.
    case withdraw(String)

    /// Seconds for which hosts that were heard of lately are waited for.
    public static let patience = 120.0

    /// Decides.
    ///
    /// The model is changed once every host that was heard of lately has answered, or after a while
    /// without those that have not. It is not changed when more hosts refuse it than are ready: a
    /// model that is at fault would leave few hosts to score, and two kinds of scores.
    ///
    /// - Parameters:
    ///   - age: seconds since the proposal.
    ///   - hosts: all hosts.
    ///   - answers: of any host.
    /// - Returns: `wait` for as long as no host at all has answered.
    public static func decide(
        age: Double, hosts: [FleetHost], answers: [FleetAnswer]
    ) -> FleetDecision {
        let present = Set(
            hosts.filter { $0.silence <= FleetHost.longestSilence }.map(\.report.host))
        let answered = Set(answers.map(\.host))
        guard !answers.isEmpty, present.isSubset(of: answered) || age >= patience else {
            return .wait
        }
        let refusals = answers.filter { !$0.isReady }
        guard refusals.count <= answers.count - refusals.count else {
            let reasons = refusals.map { "\($0.host): \($0.reason)" }.sorted()
            return .withdraw(
                "\(refusals.count) of \(answers.count) hosts refused it; "
                    + reasons.joined(separator: "; "))
        }
        return .activate
    }
}
