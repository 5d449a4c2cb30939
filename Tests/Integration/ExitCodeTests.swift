import Corpora
import FilterTestKit
import Foundation
import Testing

/// Exit codes of commands whose files can't be read or written, as siftd(8) has them.
@Suite(.enabled(if: DaemonProcess.isBuilt, "build the siftd product first")) struct ExitCodeTests {
    @Test(
        "A file that does not exist is exit code 66 and is named",
        arguments: [
            ["model", "import", "/nonexistent/file", "--output", "OUT"],
            ["train", "--data", "DATA", "--output", "OUT", "--vectors", "/nonexistent/file"],
            ["train", "--data", "DATA", "--output", "OUT", "--doubtful", "/nonexistent/file"],
            ["train", "--data", "DATA", "--output", "OUT", "--left-out", "/nonexistent/file"],
            [
                "retrain", "--model", "MODEL", "--store", "STORE", "--csv", "/nonexistent/file",
                "--config", "CONFIG",
            ],
            [
                "retrain", "--model", "MODEL", "--store", "STORE", "--reservoir",
                "/nonexistent/file", "--config", "CONFIG",
            ],
        ])
    func missing(_ arguments: [String]) throws {
        let output = try run(arguments)
        #expect(output.status == 66, "\(output.err)")
        #expect(output.err.contains("file"), "\(output.err)")
    }

    @Test(
        "A file that can't be written is exit code 73, with the system's words and no dump",
        arguments: [
            (["evaluate", "--scores", "/nonexistent/file"], "No such file or directory"),
            (["evaluate", "--report", "/nonexistent/r.html"], "No such file or directory"),
            (["evaluate", "--scores", "/dev/full"], "No space left on device"),
            (["model", "keygen", "/nonexistent/file"], "No such file or directory"),
        ])
    func notWritable(_ arguments: [String], _ reason: String) throws {
        let rest = arguments[0] == "evaluate" ? ["--model", "MODEL", "--data", "DATA"] : []
        let output = try run(arguments + rest)
        #expect(output.status == 73, "\(output.err)")
        #expect(output.err.contains("can't be written: \(reason)"), "\(output.err)")
        #expect(!output.err.contains("NSCocoaErrorDomain"))
    }

    /// Runs a command with the words in capitals replaced by files.
    private func run(_ arguments: [String]) throws -> Command.Output {
        let folder = try TemporaryFolder()
        try TinyModel.shared.get().write(to: folder.file("model"))
        for label in [Label.ham, .spam] {
            try folder.write("data/\(label.rawValue)/1", TinyModel.message(label, 1))
        }
        let files = [
            "OUT": folder.file("out"), "DATA": folder.file("data"), "MODEL": folder.file("model"),
            "STORE": folder.file("."), "CONFIG": try folder.write("c.toml", ""),
        ]
        return try Command.run(DaemonProcess.binary, arguments.map { files[$0] ?? $0 })
    }
}
