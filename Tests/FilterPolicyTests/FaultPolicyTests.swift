import FilterPolicy
import Testing

@Suite struct FaultPolicyTests {
    @Test("Every fault defers the message by default", arguments: Fault.allCases)
    func defaults(_ fault: Fault) {
        #expect(FaultPolicy()[fault] == .tempfail)
        #expect(FaultPolicy(all: .accept)[fault] == .accept)
    }

    @Test("Each fault has its action")
    func each() {
        var policy = FaultPolicy()
        policy.onError = .accept
        policy.onOverload = .quarantine
        policy.onNoModel = .accept
        #expect(
            Fault.allCases.map { policy[$0] } == [.accept, .tempfail, .quarantine, .accept])
        policy = FaultPolicy()
        policy.onTimeout = .accept
        #expect(policy[.timeout] == .accept && policy[.error] == .tempfail)
    }

    @Test("A fault's reply is temporary, and not a policy's", arguments: Fault.allCases)
    func refusal(_ fault: Fault) {
        let refusal = fault.refusal
        #expect(
            RefusalText.defect(code: refusal.code, status: refusal.status, permanent: false) == nil)
        #expect(refusal.status.hasPrefix("4.3."))
    }

    @Test("A fault's action is the action of the same name", arguments: FaultAction.allCases)
    func action(_ action: FaultAction) {
        #expect(action.action.rawValue == action.rawValue)
    }
}
