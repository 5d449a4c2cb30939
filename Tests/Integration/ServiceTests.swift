import Corpora
import FilterTestKit
import Foundation
import Learning
import Synchronization
import Testing

/// The daemon as a service: its manager, signals under load, and the sources of its settings.
@Suite(.enabled(if: DaemonProcess.isBuilt, "build the siftd product first"))
struct ServiceTests {
    private static let lowTag = "policy.tag_threshold = 0.8"

    @Test("The service manager is notified of start, liveness, reload and stop")
    func notifies() throws {
        let folder = try TemporaryFolder()
        let manager = try NotifySocket(path: folder.file("notify"))
        let daemon = try DaemonProcess(
            environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "300000"])
        #expect(
            manager.next("READY=1", seconds: 10)?.contains("STATUS=judging mail with model")
                == true)
        #expect(manager.next("WATCHDOG=1", seconds: 10) != nil)
        #expect(manager.next("WATCHDOG=1", seconds: 10) != nil)
        daemon.signal(SIGHUP)
        #expect(
            manager.next("RELOADING=1", seconds: 10)?.contains("\nMONOTONIC_USEC=") == true)
        #expect(manager.next("READY=1", seconds: 10) != nil)
        daemon.signal(SIGTERM)
        #expect(manager.next("STOPPING=1", seconds: 10) != nil)
        #expect(daemon.waitForExit(seconds: 20) == 0)
    }

    @Test(
        "A socket that systemd listens on is taken over",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-socket-activate"),
            "needs systemd-socket-activate"))
    func activated() throws {
        let folder = try TemporaryFolder()
        try TinyModel.shared.get().write(to: folder.file("model"))
        let config = try folder.write(
            "siftd.toml",
            """
            milter.socket = "fd:3"
            http.port = 0
            model.directory = "\(folder.file("model"))"
            """)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/systemd-socket-activate")
        process.arguments = [
            "--listen=\(folder.file("m.sock"))", DaemonProcess.binary, "serve", "--config", config,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer { process.waitUntilExit() }
        // At the first connection the daemon replaces the process that listened. That one may have
        // TERM blocked, as the thread has that started it.
        defer { kill(process.processIdentifier, SIGKILL) }
        // The socket is there a moment before it takes connections.
        var opened: MilterConnection?
        #expect(
            waitUntil(seconds: 120) {
                opened = try? MilterConnection(path: folder.file("m.sock"))
                return opened != nil
            })
        let connection = try #require(opened)
        try connection.greet()
        let outcome = try connection.deliver(TinyModel.message(.ham, 1))
        #expect(outcome.value("X-Spam-Flag") == "NO")
    }

    @Test("Messages in progress are finished before TERM takes effect")
    func finishes() throws {
        let daemon = try DaemonProcess()
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        // The reply to the first message shows that the second will not wait in a queue.
        _ = try connection.deliver(TinyModel.message(.ham, 1))
        try connection.begin()
        let late = try MilterConnection(path: daemon.socketPath)
        try late.greet()
        _ = try late.deliver(TinyModel.message(.ham, 2))
        daemon.signal(SIGTERM)
        #expect(
            waitUntil(seconds: 120) {
                (try? late.deliver(TinyModel.message(.ham, 3), queueID: "4XLATE").reply)
                    == .text("421 4.3.2 Filter shutting down, try again later")
            })
        #expect(daemon.log.contains("4XLATE: verdict=skipped action=tempfail"))
        #expect(daemon.isRunning)
        try connection.abort()
        #expect(daemon.waitForExit(seconds: 15) == 0)
        #expect(!FileManager.default.fileExists(atPath: daemon.socketPath))
    }

    @Test("A second TERM stops at once, whatever is in progress")
    func impatience() throws {
        let daemon = try DaemonProcess(before: "scoring.drain_limit = \"600s\"")
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        _ = try connection.deliver(TinyModel.message(.ham, 1))
        try connection.begin()
        let other = try MilterConnection(path: daemon.socketPath)
        try other.greet()
        daemon.signal(SIGTERM)
        #expect(
            waitUntil(seconds: 120) {
                (try? other.deliver(TinyModel.message(.ham, 2)).reply) != .accept
            })
        daemon.signal(SIGTERM)
        #expect(daemon.waitForExit(seconds: 15) == 0)
        #expect(daemon.log.contains("msg=stopped_at_once"))
        #expect(!FileManager.default.fileExists(atPath: daemon.socketPath))
    }

    @Test("Reloads under load lose no message and answer none twice")
    func reloads() throws {
        let daemon = try DaemonProcess(before: ServiceTests.lowTag)
        let stop = Atomic(false)
        let sent = Atomic(0)
        let wrong = Atomic(0)
        let group = DispatchGroup()
        for worker in 0..<8 {
            let thread = Thread {
                defer { group.leave() }
                guard let connection = try? MilterConnection(path: daemon.socketPath),
                    (try? connection.greet()) != nil
                else {
                    wrong.add(1, ordering: .relaxed)
                    return
                }
                var number = 0
                while !stop.load(ordering: .relaxed) {
                    let label = Label.allCases[number % 2]
                    let outcome = try? connection.deliver(
                        TinyModel.message(label, number % 50), queueID: "4X\(worker)Q\(number)")
                    let flag = label == .spam ? "YES" : "NO"
                    if outcome?.value("X-Spam-Flag") != flag { wrong.add(1, ordering: .relaxed) }
                    sent.add(1, ordering: .relaxed)
                    number += 1
                }
            }
            group.enter()
            thread.start()
        }
        for round in 1...8 {
            try daemon.rewrite(
                before: ServiceTests.lowTag + "\npolicy.subject_tag = \"[\(round)] \"")
            daemon.signal(round % 2 == 0 ? SIGHUP : SIGUSR1)
            // Foundation searches fast: the log grows by thousands of lines while this waits, and
            // under Thread Sanitizer a reload takes half a minute beside eight busy connections.
            let isReloaded = waitUntil(seconds: 120) {
                "\n\(daemon.log)".components(separatedBy: "\nmsg=reloaded").count - 1 == round
            }
            #expect(isReloaded, "round \(round): \(daemon.log.suffix(500))")
            if !isReloaded { break }
        }
        stop.store(true, ordering: .relaxed)
        group.wait()
        let all = sent.load(ordering: .relaxed)
        #expect(all > 0 && wrong.load(ordering: .relaxed) == 0)
        let ids = daemon.log.split(separator: "\n").filter { $0.contains(": verdict=") }
            .compactMap { $0.split(separator: ":").first }
        #expect(ids.count == all && Set(ids).count == all)
    }

    @Test("Allow files are reloaded when they change; a faulty one leaves the old list in force")
    func lists() throws {
        let folder = try TemporaryFolder()
        let list = try folder.write("allow", "# nobody yet\n")
        let daemon = try DaemonProcess(before: "lists.allow = [\"\(list)\"]")
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        func isJudged() throws -> Bool {
            try connection.deliver(TinyModel.message(.ham, 1)).value("X-Spam-Flag") != nil
        }
        #expect(try isJudged())
        try folder.write("allow", "client 192.0.2.7\n")
        #expect(waitUntil(seconds: 120) { daemon.log.contains("msg=lists_reloaded") })
        #expect(try !isJudged())
        try folder.write("allow", "clint 192.0.2.7, or what was it\n")
        #expect(waitUntil(seconds: 120) { daemon.log.contains("msg=lists_refused") })
        #expect(daemon.log.contains("\(list):1: "))
        #expect(try !isJudged())
    }

    @Test("JSON lines hold the fields of text lines")
    func json() throws {
        let daemon = try DaemonProcess(before: "log.format = \"json\"")
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        _ = try connection.deliver(TinyModel.message(.ham, 1), queueID: "4XJSON")
        #expect(waitUntil(seconds: 120) { daemon.log.contains("4XJSON") })
        let objects = try daemon.log.split(separator: "\n").map { line in
            try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)"
            )
        }
        let message = try #require(objects.first { $0["id"] as? String == "4XJSON" })
        #expect(message["verdict"] as? String == "ham" && message["action"] as? String == "accept")
        #expect(message["level"] as? String == "info" && message["ts"] is String)
        #expect(objects.contains { $0["msg"] as? String == "started" })
    }

    @Test("conf.d overrides the file, and the environment overrides both")
    func sources() throws {
        let folder = try TemporaryFolder()
        let config = try folder.write(
            "siftd.toml", "[policy]\nsubject_tag = \"[file]\"\nminimum_tokens = 5\nreject = true\n")
        try folder.write("conf.d/20-second.toml", "policy.subject_tag = \"[second]\"\n")
        try folder.write(
            "conf.d/10-first.toml", "policy.subject_tag = \"[first]\"\npolicy.minimum_tokens = 6\n")
        try folder.write("conf.d/ignored.conf", "this is no TOML\n")
        let arguments = ["check-config", "--dump", "--config", config]
        let files = try Command.run(DaemonProcess.binary, arguments)
        #expect(files.status == 0, "\(files.err)")
        for line in ["subject_tag = \"[second]\"", "minimum_tokens = 6", "reject = true"] {
            #expect(files.out.contains("\n\(line)\n"))
        }
        let both = try Command.run(
            DaemonProcess.binary, arguments,
            environment: ["SIFTD_POLICY_SUBJECT_TAG": "[variable]", "SIFTD_POLICY_REJECT": "false"])
        #expect(both.out.contains("\nsubject_tag = \"[variable]\"\n"))
        #expect(both.out.contains("\nreject = false\n"))
        let wrong = try Command.run(
            DaemonProcess.binary, arguments, environment: ["SIFTD_POLICY_REJCT": "true"])
        #expect(wrong.status == 78)
        #expect(wrong.err.contains("SIFTD_POLICY_REJCT is no setting; did you mean"))
    }
}
