import Feedback
import FilterTestKit
import Foundation
import Testing

/// A daemon with the tiny model that learns into a folder of its own.
final class LearningRig {
    let folder: TemporaryFolder
    let daemon: DaemonProcess
    /// The socket of `siftd learn`.
    let socket: String
    private let store: any FeedbackStore

    init() throws {
        folder = try TemporaryFolder()
        for name in ["run", "learn"] {
            try FileManager.default.createDirectory(
                atPath: folder.file(name), withIntermediateDirectories: false)
        }
        // As the documentation has it: who belongs to the folder's group may open the socket.
        if let nogroup = getgrnam("nogroup")?.pointee.gr_gid, getuid() == 0 {
            try #require(chown(folder.file("run"), 0, nogroup) == 0)
            try #require(chmod(folder.file("run"), 0o2750) == 0)
        }
        let socket = folder.file("run/control.sock")
        self.socket = socket
        daemon = try DaemonProcess(
            configuration: LearningRig.settings(folder.file("learn"), socket))
        try #require(
            waitUntil(seconds: 120) { (try? UnixSocket.connect(socket)).map { close($0) } == 0 })
        store = try SQLiteFeedbackStore(path: folder.file("learn/labels.sqlite"))
    }

    /// The section `[learn]`.
    static func settings(_ directory: String, _ socket: String) -> String {
        "[learn]\ndirectory = \"\(directory)\"\nsocket = \"\(socket)\"\n"
    }

    /// Runs `siftd learn` for this daemon.
    func learn(_ arguments: [String], input: [UInt8] = []) throws -> Command.Output {
        try Command.run(
            DaemonProcess.binary, ["learn", "--socket", socket] + arguments, input: input)
    }

    /// All labels, the oldest first.
    func labels() throws -> [StoredLabel] {
        try store.labels(.all, state: nil, after: 0, limit: 1_000)
    }

    /// The probability of spam by the running daemon.
    func probability(_ message: [UInt8]) throws -> Double {
        struct Answer: Decodable {
            var spam_probability: Double
        }
        let answer = try HTTPTestClient.request(
            "POST", "/v1/classify", port: daemon.httpPort, contentType: "message/rfc822",
            body: message)
        return try JSONDecoder().decode(Answer.self, from: Data(answer.body.utf8)).spam_probability
    }
}
