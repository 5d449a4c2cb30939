import FilterTestKit
import Foundation
import Testing

/// The manual pages and completions in the repository.
@Suite(.enabled(if: DaemonProcess.isBuilt, "build the siftd product first"))
struct ManualTests {
    private static let pages = [
        "share/man/man5/siftd.toml.5", "share/man/man7/siftd-headers.7", "share/man/man8/siftd.8",
    ]

    @Test(
        "Files that the program makes are those of this version (make man)",
        arguments: [
            ("share/man/man8/siftd.8", ["manual", "siftd.8"]),
            ("share/man/man5/siftd.toml.5", ["manual", "siftd.toml.5"]),
            ("share/bash-completion/completions/siftd", ["--generate-completion-script", "bash"]),
            ("share/zsh/vendor-completions/_siftd", ["--generate-completion-script", "zsh"]),
            (
                "share/fish/vendor_completions.d/siftd.fish",
                ["--generate-completion-script", "fish"]
            ),
        ])
    func upToDate(_ file: String, _ arguments: [String]) throws {
        let made = try Command.run(DaemonProcess.binary, arguments)
        #expect(made.status == 0)
        let kept = try String(contentsOfFile: Checkout.file(file), encoding: .utf8)
        #expect(made.out == kept, "run make man")
    }

    @Test(
        "mandoc has nothing to say of a page",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/mandoc"),
            "needs mandoc (make test-deps)"), arguments: pages)
    func lint(_ page: String) throws {
        let output = try Command.run("/usr/bin/mandoc", ["-T", "lint", Checkout.file(page)])
        // Whether other pages are installed depends on the machine.
        let messages = (output.out + output.err).split(separator: "\n").filter {
            !$0.contains("referenced manual not found") && !$0.contains("mandoc.db")
        }
        #expect(messages.isEmpty, "\(messages.joined(separator: "\n"))")
    }

    @Test("Bash takes its completions")
    func bash() throws {
        let file = Checkout.file("share/bash-completion/completions/siftd")
        let output = try Command.run("/bin/bash", ["-n", file])
        #expect(output.status == 0, "\(output.err)")
    }
}
