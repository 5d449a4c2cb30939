import Foundation
import ModelRegistry
import Synchronization

/// What a member does of the plan (``MemberStep``); on its queue.
extension FleetMember {
    /// Does a step.
    ///
    /// - Returns: whether another look may find more to do.
    func perform(_ step: MemberStep) throws -> Bool {
        switch step {
        case .follow(let activation):
            try follow(activation)
            return true
        case .propose(let version):
            try proposeLinked(version)
            return true
        case .prepare(let proposal):
            try prepare(proposal)
            return true
        case .decide(let proposal):
            let status = try store.decide(proposal.revision)
            known.withLock { $0 = status }
            return status.proposal?.revision != proposal.revision
        case .release:
            prepared = nil
            return false
        }
    }

    private func follow(_ activation: FleetActivation) throws {
        do {
            try bring(activation)
            var model: (any Sendable)?
            if host.serving() != activation.model {
                if let prepared, prepared.digest == activation.digest {
                    model = prepared.model
                } else {
                    model = try host.load(registry.bundlePath(of: activation.model))
                }
            }
            if try registry.active() != activation.model {
                try registry.activate(
                    activation.model, time: Int64(Date().timeIntervalSince1970),
                    reason: "revision \(activation.revision) of all hosts: \(activation.reason)")
            }
            if let model { host.use(model) }
        } catch {
            return try refuse(activation, error)
        }
        prepared = nil
        refusal = nil
        try remember { memory in
            memory.revision = activation.revision
            memory.digest = activation.digest
            memory.version = activation.model
            memory.proposed = nil
        }
        host.report(.followed(activation))
    }

    /// Keeps the old model, unless the database was the reason.
    private func refuse(_ activation: FleetActivation, _ error: any Error) throws {
        let failure = FleetError(error)
        if failure.kind == .unavailable { throw failure }
        let isNew = refusal?.revision != activation.revision
        refusal = (activation.revision, ContinuousClock.now, failure.reason)
        if isNew { host.report(.refused(activation, reason: failure.reason)) }
    }

    private func prepare(_ proposal: FleetActivation) throws {
        var answer = FleetAnswer(host: host.name, isReady: true)
        do {
            try bring(proposal)
            if host.serving() != proposal.model {
                let model = try host.load(registry.bundlePath(of: proposal.model))
                prepared = (proposal.digest, model)
            }
            host.report(.ready(proposal))
        } catch {
            let failure = FleetError(error)
            if failure.kind == .unavailable { throw failure }
            answer.isReady = false
            answer.reason = failure.reason
            host.report(.refused(proposal, reason: failure.reason))
        }
        try store.answer(answer, revision: proposal.revision)
    }

    /// Makes sure that the registry has the model, with the content that its digest says.
    private func bring(_ activation: FleetActivation) throws {
        if let digest = digest(activation.model) {
            guard digest == activation.digest else {
                throw FleetError(
                    .damaged,
                    "this host has another model of the id \(activation.model); remove it with "
                        + "siftd model prune, or give one of them another id")
            }
            return try store.checkSignature(activation.digest, trust: trust)
        }
        let folder = downloadPath
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let lineage = try store.fetch(activation.digest, to: folder, trust: trust)
        let id = try registry.add(bundle: folder, lineage: lineage)
        guard id == activation.model else {
            throw FleetError(.damaged, "the model calls itself \(id), not \(activation.model)")
        }
    }

    /// Proposes what has become the active version of this host's registry, and goes back to the
    /// model of all until they agree.
    private func proposeLinked(_ version: String) throws {
        let activation = try registry.history().last { $0.version == version }
        let proposal = try propose(
            version, isRollback: activation?.way == .rollback, reason: activation?.reason ?? "")
        host.report(.proposed(proposal))
        if let former = memory.version {
            if host.serving() != former {
                host.use(try host.load(registry.bundlePath(of: former)))
            }
            try registry.activate(
                former, time: Int64(Date().timeIntervalSince1970),
                reason: "until all hosts are ready for \(proposal.model)")
        }
        // Last: a host that dies before goes back when it starts again.
        try remember { $0.proposed = version }
    }

    /// A roll back goes to the model that all had before, which this host's own history does not
    /// know.
    private func propose(
        _ version: String, isRollback: Bool, reason: String
    ) throws -> FleetActivation {
        if isRollback, memory.version != nil {
            do throws(FleetError) {
                let (revision, _) = try store.proposeRollback(host: host.name, reason: reason)
                return try store.activation(revision)
            } catch { guard error.kind == .unknown else { throw error } }
        }
        let bundle = try LocalBundle(version, of: registry)
        let open = try store.status().proposal
        if let open, open.digest == bundle.manifest.digest { return open }
        try store.publish(bundle, trust: trust, host: host.name)
        let revision = try store.propose(
            bundle.manifest.digest, way: isRollback ? .rollback : .activate, host: host.name,
            reason: reason)
        return try store.activation(revision)
    }
}
