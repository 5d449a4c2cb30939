import Testing

@testable import Fleet

@Suite struct MemberStepTests {
    private static let old = FleetActivation(
        revision: 3, digest: "dA", model: "A", state: .active)
    private static let new = FleetActivation(
        revision: 4, digest: "dB", model: "B", state: .proposed)

    private func next(
        active: FleetActivation? = old, proposal: FleetActivation? = nil,
        answers: [FleetAnswer] = [], memory: MemberMemory = MemberMemory(revision: 3, version: "A"),
        linked: String? = "A", serving: String? = "A", refused: Int64? = nil
    ) -> [MemberStep] {
        let status = FleetStatus(
            time: 0, active: active, proposal: proposal, answers: answers)
        return MemberStep.next(
            status, host: "mx1", memory: memory, linked: linked, serving: serving,
            refused: refused)
    }

    @Test("A host in step has nothing to do")
    func inStep() {
        #expect(next() == [.release])
        #expect(next(active: nil, memory: MemberMemory(), linked: nil) == [.release])
    }

    @Test("A host that missed a change follows it before anything else")
    func behind() {
        #expect(next(memory: MemberMemory(revision: 2, version: "Z")) == [.follow(Self.old)])
        #expect(
            next(
                proposal: Self.new, memory: MemberMemory(revision: 2, version: "Z"), linked: "X")
                == [.follow(Self.old)])
        // One that it could not follow is not tried at every look, and nothing is proposed against
        // it.
        #expect(
            next(memory: MemberMemory(revision: 2, version: "Z"), linked: "X", refused: 3)
                == [.release])
        #expect(
            next(memory: MemberMemory(revision: 2, version: "Z"), linked: "X", refused: 2)
                == [.follow(Self.old)])
    }

    @Test("A database that was restored from a backup counts, whatever the host remembers")
    func restored() {
        #expect(
            next(memory: MemberMemory(revision: 9, digest: "dC", version: "C"), linked: "C")
                == [.follow(Self.old)])
        // The number came a second time, for another model.
        #expect(
            next(memory: MemberMemory(revision: 3, digest: "dC", version: "C"), linked: "C")
                == [.follow(Self.old)])
    }

    @Test("A host that scores with another model than the one of all that is linked follows again")
    func overtaken() {
        #expect(next(serving: "B") == [.follow(Self.old)])
        #expect(next(serving: "B", refused: 3) == [.release])
    }

    @Test("What was activated on the host is proposed, once")
    func proposing() {
        #expect(next(linked: "B") == [.propose(version: "B")])
        let waiting = MemberMemory(revision: 3, version: "A", proposed: "B")
        #expect(next(memory: waiting, linked: "B") == [.release])
        #expect(next(memory: waiting, linked: "C") == [.propose(version: "C")])
        // The first host of all proposes what it has.
        #expect(
            next(active: nil, memory: MemberMemory(), linked: "A") == [.propose(version: "A")])
    }

    @Test("A proposal is answered once and then looked at")
    func answering() {
        #expect(next(proposal: Self.new) == [.prepare(Self.new), .decide(Self.new)])
        let answers = [FleetAnswer(host: "mx1", isReady: true)]
        #expect(next(proposal: Self.new, answers: answers) == [.decide(Self.new)])
        let others = [FleetAnswer(host: "mx2", isReady: true)]
        #expect(
            next(proposal: Self.new, answers: others) == [.prepare(Self.new), .decide(Self.new)])
    }
}
