import Glibc
import Testing

@testable import Milter

@Suite struct StartErrorTests {
    typealias StartError = MilterServer.StartError

    @Test(
        "The kind follows the error number",
        arguments: [
            (EADDRINUSE, .socketInUse), (EACCES, .permission), (EPERM, .permission),
            (EADDRNOTAVAIL, .badAddress), (ENOENT, .badAddress), (EMFILE, .other),
        ] as [(Int32, StartError.Kind)])
    func kind(_ code: Int32, _ kind: StartError.Kind) {
        #expect(StartError.noListening(on: "inet:25", code: code).kind == kind)
        #expect(StartError.unusableDirectory("/run", code: code).kind == kind)
        #expect(StartError.noRelay(code: code).kind == kind)
    }

    @Test("A text names the module, the address and the system's reason")
    func text() {
        #expect(
            "\(StartError.noListening(on: "inet:25", code: EACCES))"
                == "milter: can't listen on inet:25: Permission denied")
        #expect(StartError.pathTooLong("/x").reason.contains("the maximum is 107 bytes"))
    }

    @Test("An error of another module's making is of no special kind")
    func other() { #expect(StartError(reason: "x").kind == .other) }
}
