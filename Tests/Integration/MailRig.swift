import FilterTestKit
import Foundation
import Testing

/// A daemon with the starter model and a mail server in front of it.
final class MailRig {
    private static let starter = Checkout.file("share/siftd/models/starter")

    let server: MailServer
    private let daemon: DaemonProcess
    private var reloads = 0

    init(_ kind: MailServer.Kind) throws {
        daemon = try DaemonProcess(model: MailRig.starter)
        server = try MailServer(kind, socket: daemon.socketPath)
    }

    /// The daemon's log lines of messages.
    var judgements: [Substring] { lines { $0.contains(": verdict=") } }

    /// Reloads the daemon with the settings and lists of a case.
    func configure(_ mail: MailCase) throws {
        reloads += 1
        var settings = mail.settings
        for (key, lines) in [("allow", mail.allow), ("deny", mail.deny)] where !lines.isEmpty {
            let path = try daemon.folder.write(
                "\(key)-\(reloads)", lines.joined(separator: "\n") + "\n")
            settings.append("lists.\(key) = [\"\(path)\"]")
        }
        // Keys after a table would belong to it, so they go in front, with their full names.
        try daemon.rewrite(model: MailRig.starter, before: settings.joined(separator: "\n"))
        daemon.signal(SIGHUP)
        let isReloaded = waitUntil(seconds: 120) {
            lines { $0.hasPrefix("msg=reloaded") }.count == reloads
        }
        try #require(isReloaded, "\(daemon.log.suffix(500))")
    }

    private func lines(where isWanted: (Substring) -> Bool) -> [Substring] {
        daemon.log.split(separator: "\n").filter(isWanted)
    }
}

/// The rigs of a suite, one for each mail server, started when a test first asks for them.
///
/// Unchecked: the suite is serialized, so one test at a time uses them.
final class MailRigs: @unchecked Sendable {
    /// Those of the suite that is running.
    @TaskLocal static var current: MailRigs?

    private var rigs: [MailServer.Kind: Result<MailRig, any Error>] = [:]

    /// The rig of a server.
    ///
    /// A start that failed is not tried again: its error is every test's.
    func rig(_ kind: MailServer.Kind) throws -> MailRig {
        if let rig = rigs[kind] { return try rig.get() }
        let rig = Result { try MailRig(kind) }
        rigs[kind] = rig
        return try rig.get()
    }
}

/// Keeps rigs from the first test of a suite to its last, and stops their processes then.
struct SharedRigs: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await MailRigs.$current.withValue(MailRigs(), operation: function)
    }
}

extension Trait where Self == SharedRigs {
    static var sharedRigs: SharedRigs { SharedRigs() }
}
