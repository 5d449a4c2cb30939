import Corpora
import FilterTestKit
import Foundation
import Learning
import Testing
import TextCNN

/// The real binary, driven through the milter socket, HTTP and signals.
@Suite(.enabled(if: DaemonProcess.isBuilt, "build the siftd product first"))
struct DaemonTests {
    // The tiny model is rarely sure of mail with a header, since it learns from bare texts.
    private static let lowTag = "[policy]\ntag_threshold = 0.5\n"

    @Test("Mail is marked and logged, and forged verdicts are removed")
    func marks() throws {
        let daemon = try DaemonProcess(configuration: DaemonTests.lowTag)
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        let forged = Array("X-Spam-Status: No\r\nX-SPAM-STATUS: No\r\n".utf8)
        let spam = try connection.deliver(forged + TinyModel.message(.spam, 800), queueID: "4XSPAM")
        #expect(spam.value("X-Spam-Flag") == "YES")
        #expect(spam.inserted.last?.name == "X-Spam-Flag", "the field inserted last is the first")
        #expect(spam.deleted.map(\.occurrence) == [2, 1])
        let ham = try connection.deliver(TinyModel.message(.ham, 801), queueID: "4XHAM")
        #expect(ham.value("X-Spam-Flag") == "NO" && ham.deleted.isEmpty)
        let lines = daemon.log.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("4XSPAM: verdict=spam") } == 1)
        #expect(lines.count { $0.hasPrefix("4XHAM: verdict=ham") } == 1)
        let metrics = try HTTPTestClient.request("GET", "/metrics", port: daemon.httpPort).body
        #expect(metrics.contains("siftd_headers_removed_total 2\n"))
    }

    @Test("A body of 30 MB is read within the scan limit and judged")
    func largeBody() throws {
        let daemon = try DaemonProcess(configuration: DaemonTests.lowTag)
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        let filler = [UInt8](repeating: UInt8(ascii: "x"), count: 30_000_000)
        let outcome = try connection.deliver(TinyModel.message(.spam, 802) + filler)
        #expect(outcome.value("X-Spam-Flag") == "YES")
        #expect(daemon.log.contains("limit-body"))
    }

    /// Mail as hostile or broken senders send it: each message must be answered, and the daemon
    /// must keep running.
    @Test(
        "Bad input is answered",
        arguments: [
            "", "\r\n", "Subject: only a header", "\r\n\0\0\0",
            "Subject: \(String(repeating: "x", count: 1_000_000))\r\n\r\nbody",
            "Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8gdGhlc",
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                + String(
                    repeating: "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
                    count: 10_000),
        ])
    func badInput(_ message: String) throws {
        let daemon = try DaemonProcess()
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        #expect(try connection.deliver(Array(message.utf8)).reply == .accept)
        #expect(try connection.deliver(TinyModel.message(.ham, 803)).value("X-Spam-Flag") == "NO")
    }

    @Test(
        "A milter client that is not ours agrees",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/miltertest"),
            "needs miltertest"))
    func blackBox() throws {
        let daemon = try DaemonProcess(configuration: DaemonTests.lowTag)
        let script = Checkout.file("Tests/Integration/black-box.lua")
        let output = try Command.run(
            "/usr/bin/miltertest", ["-D", "socket=unix:\(daemon.socketPath)", "-s", script])
        #expect(output.status == 0, "\(output.out)\(output.err)\(daemon.log)")
    }

    @Test("HUP reloads the settings; with an error in them the old ones stay in force")
    func reload() throws {
        let daemon = try DaemonProcess(configuration: DaemonTests.lowTag)
        func deliver() throws -> MilterConnection.Outcome.Reply {
            let connection = try MilterConnection(path: daemon.socketPath)
            try connection.greet()
            return try connection.deliver(TinyModel.message(.spam, 804)).reply
        }
        #expect(try deliver() == .accept)
        try daemon.rewrite(
            configuration: DaemonTests.lowTag + "reject = true\nreject_threshold = 0.8\n")
        daemon.signal(SIGHUP)
        #expect(waitUntil(seconds: 120) { daemon.log.contains("msg=reloaded") })
        #expect(try deliver() == .text("550 5.7.1 Spam message rejected"))
        try daemon.rewrite(configuration: "[policy]\nrejct = false\n")
        daemon.signal(SIGUSR1)
        #expect(waitUntil(seconds: 120) { daemon.log.contains("msg=reload_failed") })
        #expect(daemon.log.contains("siftd.toml:9: unknown key \\\"rejct\\\" in [policy]"))
        #expect(try deliver() == .text("550 5.7.1 Spam message rejected"))
    }

    @Test("TERM exits with 0 and removes the socket")
    func terminate() throws {
        let daemon = try DaemonProcess()
        daemon.signal(SIGTERM)
        #expect(daemon.waitForExit(seconds: 120) == 0)
        #expect(!FileManager.default.fileExists(atPath: daemon.socketPath))
        #expect(daemon.log.contains("msg=stopped"))
    }

    @Test(
        "A start with invalid settings fails with its exit code and reason",
        arguments: [
            (
                "[scoring]\nwokers = 2\n", 78,
                "siftd.toml:9: unknown key \"wokers\" in [scoring]; did you mean \"workers\"?"
            ),
            (
                "[exempt]\nnetworks = [\"10.0.0.0/99\"]\n", 78,
                "exempt.networks holds \"10.0.0.0/99\""
            ),
        ])
    func badStart(_ configuration: String, _ status: Int32, _ reason: String) {
        #expect {
            try DaemonProcess(configuration: configuration)
        } throws: { error in
            guard let error = error as? DaemonProcess.StartError else { return false }
            return error.status == status && error.log.contains(reason)
        }
    }

    @Test("A damaged model stops the start")
    func damagedModel() throws {
        let folder = try TemporaryFolder()
        try TinyModel.shared.get().write(to: folder.file("model"))
        try folder.write("model/vocabulary.txt", "broken")
        #expect {
            try DaemonProcess(model: folder.file("model"))
        } throws: { error in
            guard let error = error as? DaemonProcess.StartError else { return false }
            return error.status == 65 && error.log.contains("vocabulary.txt is damaged")
        }
    }

    @Test("A second daemon does not take over a live socket")
    func secondDaemon() throws {
        let daemon = try DaemonProcess()
        let second = try Command.run(
            DaemonProcess.binary, ["serve", "--config", daemon.configPath])
        #expect(second.status == 69)
        #expect(second.err.contains("another process listens on"))
        #expect(daemon.isRunning)
    }

    @Test("A file in the socket's path is kept")
    func occupiedPath() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("notes.txt", "keep me")
        try TinyModel.shared.get().write(to: folder.file("model"))
        let config = try folder.write(
            "c.toml",
            """
            milter.socket = ["unix:\(folder.file("m.sock"))", "unix:\(path)"]
            http.port = 0
            model.directory = "\(folder.file("model"))"
            """)
        let output = try Command.run(DaemonProcess.binary, ["serve", "--config", config])
        #expect(output.status == 69 && output.err.contains("\(path) exists and is not a socket"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "keep me")
    }

    @Test("An HTTP port that is taken stops the start, names the keys and leaves no socket")
    func takenPort() throws {
        let daemon = try DaemonProcess()
        let folder = try TemporaryFolder()
        let config = try folder.write(
            "c.toml",
            """
            [milter]
            socket = "unix:\(folder.file("m.sock"))"
            [http]
            port = \(daemon.httpPort)
            [model]
            directory = "\(daemon.folder.file("model"))"
            """)
        let second = try Command.run(DaemonProcess.binary, ["serve", "--config", config])
        #expect(second.status == 69)
        let reason =
            "siftd: http: can't listen on 127.0.0.1 port \(daemon.httpPort): "
            + "Address already in use (http.address, http.port)\n"
        #expect(second.err.hasPrefix(reason), "\(second.err)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("m.sock")))
    }

    @Test("A lack of descriptors is logged once, and service goes on once connections end")
    func descriptors() throws {
        let daemon = try DaemonProcess()
        let limit = try Command.run(
            "/usr/bin/prlimit", ["--pid", "\(daemon.pid)", "--nofile=48"])
        try #require(limit.status == 0, "\(limit.err)")
        let held = try (0..<100).map { _ in try UnixSocket.connect(daemon.socketPath) }
        #expect(waitUntil(seconds: 120) { daemon.log.contains("msg=milter_full") })
        for descriptor in held { close(descriptor) }
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        #expect(try connection.deliver(TinyModel.message(.ham, 807)).value("X-Spam-Flag") == "NO")
        #expect(daemon.log.split(separator: "\n").count { $0.contains("milter_full") } == 1)
        let metrics = try HTTPTestClient.request("GET", "/metrics", port: daemon.httpPort).body
        #expect(metrics.contains(/\nsiftd_accept_failures_total [1-9]/))
    }

    @Test("A message in an archive or a mailbox has a path that opens, and a member")
    func locations() throws {
        struct Answer: Decodable {
            var path: String
            var member: String?
        }
        let folder = try TemporaryFolder()
        try TinyModel.shared.get().write(to: folder.file("model"))
        let data = "Tests/Fixtures/corpora"
        let paths = [
            "\(data)/compressed-mail/members.tgz", "\(data)/mbox-dialects/iso-date.mbox",
            "\(data)/files-that-are-no-mail/tree-of-maildirs",
        ].map(Checkout.file)
        let output = try Command.run(
            DaemonProcess.binary,
            ["classify", "--model", folder.file("model"), "--json"] + paths)
        let answers = try output.out.split(separator: "\n").map {
            try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
        }
        #expect(answers.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
        #expect(
            answers.map(\.member) == [
                "mail/spam/a.eml.gz", "mail/ham/b.eml.bz2", "1", "2", nil, nil,
            ])
    }

    @Test("Training on data that can't be read stops and names the option to go on")
    func unreadableData() throws {
        let folder = try TemporaryFolder()
        try folder.write("set/spam/1", "CRYPTED\u{3}\u{7}x")
        try folder.write("set/ham/2", "Subject: a\n\nx")
        let arguments = ["train", "--data", folder.file("set"), "--output", folder.file("m")]
        let stopped = try Command.run(DaemonProcess.binary, arguments)
        #expect(stopped.status == 65 && stopped.err.contains("--allow-unreadable"))
        #expect(stopped.err.contains("left out: set: spam/1 is encrypted"))
        let allowed = try Command.run(DaemonProcess.binary, arguments + ["--allow-unreadable"])
        #expect(allowed.status == 65 && allowed.err.contains("holds no spam"))
    }

    @Test(
        "A number out of bounds is named with its option and range before anything is read",
        arguments: [
            (["--epochs", "0"], "--epochs is 0; it is above 0"),
            (["--learning-rate", "0"], "--learning-rate is 0; it is above 0"),
            (["--hidden-dropout", "1.5"], "--hidden-dropout is 1.5; it is 0 to below 1"),
            (["--segment-block", "8"], "--segment-block is 8; it is 16 to 4096"),
            (["--members", "17"], "--members is 17; it is 1 to 16"),
            (["--embedding", "0"], "--embedding is 0; it is 1 to 1024"),
            (["--widths", "2,99"], "--widths is 2,99; it is up to 16 numbers of 1 to 16"),
            (["--author-bound", "11"], "--author-bound is 11; it is 0 to 10"),
            (["--layout-bound", "1001"], "--layout-bound is 1001; it is 0 to 1000"),
            (["--weight", "foo=2"], "--weight names the data set foo, which --data lacks"),
            (
                ["--fact-group", "set,foo"],
                "--fact-group names the data set foo, which --data lacks"
            ),
            (
                ["--fact-group", "set", "--no-segments"],
                "--fact-group is for --head spam, --segments and --profile default"
            ),
        ])
    func trainingOptions(_ arguments: [String], _ reason: String) throws {
        let output = try Command.run(
            DaemonProcess.binary,
            ["train", "--data", "/nonexistent/set", "--output", "/tmp/siftd-none"] + arguments)
        #expect(output.status == 64 && output.err.contains(reason), "\(output.err)")
    }

    @Test("classify reports the verdict as text, JSON and exit code")
    func classify() throws {
        let folder = try TemporaryFolder()
        try TinyModel.shared.get().write(to: folder.file("model"))
        let arguments = ["classify", "--model", folder.file("model"), "--json", "-"]
        for (label, status) in [(Label.spam, Int32(1)), (.ham, 0)] {
            let output = try Command.run(
                DaemonProcess.binary, arguments, input: TinyModel.message(label, 805))
            let json = try JSONSerialization.jsonObject(with: Data(output.out.utf8))
            let answer = try #require(json as? [String: Any])
            let probability = try #require(answer["spam_probability"] as? Double)
            #expect((probability > 0.5) == (label == .spam))
            #expect(output.status == (probability < 0.9 && label == .spam ? 2 : status))
        }
        let explained = try Command.run(
            DaemonProcess.binary, ["explain", "--model", folder.file("model"), "-"],
            input: TinyModel.message(.spam, 805))
        #expect(explained.status == 0 && explained.out.contains("log-odds of spam"))
        let unsure = try Command.run(DaemonProcess.binary, arguments, input: Array("\n".utf8))
        #expect(unsure.status == 2)
        let missing = try Command.run(
            DaemonProcess.binary, ["classify", "--model", folder.file("model"), "/nonexistent"])
        #expect(missing.status == 66 && missing.err.contains("/nonexistent: does not exist"))
    }
}
