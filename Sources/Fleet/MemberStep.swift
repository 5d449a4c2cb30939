/// The next thing that a host does.
enum MemberStep: Equatable {
    /// Change to the model of all.
    case follow(FleetActivation)
    /// Propose to all what has become the active version of this host's registry.
    case propose(version: String)
    /// Load a proposed model beside the old one, and answer.
    case prepare(FleetActivation)
    /// See whether all have answered.
    case decide(FleetActivation)
    /// Drop what was loaded beside: nothing is proposed any more.
    case release

    /// What a host does next; pure, so that every case can be tried.
    ///
    /// The model of all comes first: what an admin has activated on a host that missed a change of
    /// all is replaced by it, and stays in the registry.
    ///
    /// - Parameters:
    ///   - status: of all hosts.
    ///   - host: this host's name.
    ///   - memory: what it remembers.
    ///   - linked: the active version of its registry.
    ///   - serving: the model in force; nil for none.
    ///   - refused: the activation that it could not follow lately and does not try again yet.
    /// - Returns: the steps in their order.
    static func next(
        _ status: FleetStatus, host: String, memory: MemberMemory, linked: String?,
        serving: String?, refused: Int64?
    ) -> [MemberStep] {
        let isAtActive = status.active.map(memory.isAt) ?? true
        if let active = status.active, !isAtActive, active.revision != refused {
            return [.follow(active)]
        }
        if let linked, linked != memory.version, linked != memory.proposed, isAtActive {
            return [.propose(version: linked)]
        }
        // Such as when a reload had read the link before it changed.
        if let active = status.active, isAtActive, linked == active.model, let serving,
            serving != linked, active.revision != refused
        {
            return [.follow(active)]
        }
        guard let proposal = status.proposal else { return [.release] }
        guard status.answers.contains(where: { $0.host == host }) else {
            return [.prepare(proposal), .decide(proposal)]
        }
        return [.decide(proposal)]
    }
}
