import Testing

@testable import Fleet

@Suite struct FleetDecisionTests {
    private func host(_ name: String, silence: Double = 1) -> FleetHost {
        FleetHost(FleetReport(host: name, version: "1"), silence: silence, active: nil)
    }

    private func decide(
        _ age: Double, _ hosts: [FleetHost], ready: [String] = [], refused: [String] = []
    ) -> FleetDecision {
        FleetDecision.decide(
            age: age, hosts: hosts,
            answers: ready.map { FleetAnswer(host: $0, isReady: true) }
                + refused.map { FleetAnswer(host: $0, isReady: false, reason: "bad") })
    }

    @Test("Every host that was heard of lately is waited for")
    func waiting() {
        let hosts = [host("a"), host("b"), host("c")]
        #expect(decide(5, hosts) == .wait)
        #expect(decide(5, hosts, ready: ["a", "b"]) == .wait)
        #expect(decide(5, hosts, ready: ["a", "b", "c"]) == .activate)
        #expect(decide(5, hosts, ready: ["a", "b"], refused: ["c"]) == .activate)
    }

    @Test("A host that is silent is not waited for, and one that does not answer not for ever")
    func silence() {
        let hosts = [host("a"), host("b", silence: 31)]
        #expect(decide(5, hosts, ready: ["a"]) == .activate)
        let present = [host("a"), host("b", silence: 30)]
        #expect(decide(FleetDecision.patience - 1, present, ready: ["a"]) == .wait)
        #expect(decide(FleetDecision.patience, present, ready: ["a"]) == .activate)
    }

    @Test("A proposal that no host has seen waits for one, however long")
    func nobody() {
        #expect(decide(1e9, []) == .wait)
        #expect(decide(1e9, [host("a")]) == .wait)
        // A host that answered and then went away has answered.
        #expect(decide(5, [host("a", silence: 99)], ready: ["a"]) == .activate)
    }

    @Test("A model that more hosts refuse than take is withdrawn with their reasons")
    func refusals() {
        let hosts = [host("a"), host("b"), host("c")]
        #expect(decide(5, hosts, ready: ["a"], refused: ["b"]) == .wait)
        #expect(
            decide(5, hosts, ready: ["a"], refused: ["c", "b"])
                == .withdraw("2 of 3 hosts refused it; b: bad; c: bad"))
        #expect(
            decide(5, [host("a")], refused: ["a"])
                == .withdraw("1 of 1 hosts refused it; a: bad"))
        #expect(decide(5, [host("a"), host("b")], ready: ["a"], refused: ["b"]) == .activate)
    }

    @Test("A host's state says whether it has the model of all")
    func states() {
        let active = FleetActivation(revision: 7, digest: "d", model: "m", state: .active)
        func state(
            _ digest: String, silence: Double = 0, refused: Int64 = 0,
            _ active: FleetActivation?
        ) -> FleetHost.State {
            var report = FleetReport(host: "a", version: "1")
            report.digest = digest
            report.refused = refused
            return FleetHost(report, silence: silence, active: active).state
        }
        #expect(state("x", nil) == .ok)
        #expect(state("d", active) == .ok)
        #expect(state("x", active) == .behind)
        #expect(state("x", refused: 7, active) == .refused)
        #expect(state("x", refused: 6, active) == .behind)
        // A refusal that was overcome does not matter.
        #expect(state("d", refused: 7, active) == .ok)
        #expect(state("d", silence: 31, active) == .away)
    }
}
