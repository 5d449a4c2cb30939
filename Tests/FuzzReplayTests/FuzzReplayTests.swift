import FilterTestKit
import Foundation
import FuzzTargets
import Testing

/// Inputs that fuzzing found, and seeds written to be nasty, through their targets.
@Suite struct FuzzReplayTests {
    /// A file of `Tests/Fuzz/replay`.
    struct Input: CustomTestStringConvertible, Sendable {
        var target: FuzzTarget
        var name: String

        var testDescription: String { "\(target)/\(name)" }
        var path: String { Checkout.file("Tests/Fuzz/replay/\(target)/\(name)") }

        static func all() throws -> [Input] {
            try FuzzTarget.allCases.flatMap { target in
                let folder = Checkout.file("Tests/Fuzz/replay/\(target)")
                return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                    .map { Input(target: target, name: $0) }
            }
        }
    }

    @Test("The invariants hold", .timeLimit(.minutes(1)), arguments: try Input.all())
    func replay(_ input: Input) throws {
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: input.path)))
        #expect(!bytes.isEmpty && bytes.count <= 65_536, "small inputs are enough")
        #expect(input.target.violations(of: bytes).isEmpty)
    }

    @Test("The same bytes hold for every other target, too", arguments: FuzzTarget.allCases)
    func crossed(_ target: FuzzTarget) throws {
        for input in try Input.all() where input.target != target {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: input.path)))
            let violations = target.violations(of: bytes)
            #expect(violations.isEmpty, "\(input.testDescription)")
        }
    }

    @Test("Every target has inputs")
    func complete() throws {
        #expect(Set(try Input.all().map(\.target)) == Set(FuzzTarget.allCases))
    }
}
