import Feedback
import FilterTestKit
import Foundation
import Testing

/// `siftd learn` with the real daemon and without one.
@Suite(.enabled(if: DaemonProcess.isBuilt, "build the siftd product first")) struct LearnTests {
    /// A file, a mailbox, a Maildir and a folder with something else in it.
    private static func write(_ folder: TemporaryFolder) throws -> [String] {
        func message(_ number: Int) -> [UInt8] { TinyModel.message(.spam, number) }
        let from = Array("From someone@example.net Thu Nov 26 00:00:00 2026\n".utf8)
        try folder.write("one.eml", message(1))
        try folder.write("box.mbox", from + message(2) + Array("\n".utf8) + from + message(3))
        for name in ["cur/4:2,S", "new/5", "tmp/6"] {
            try folder.write("Maildir/\(name)", message(Int(name.split { !$0.isNumber }[0]) ?? 0))
        }
        try folder.write("mixed/7.eml", message(7))
        try folder.write("mixed/photo.jpg", [0xFF, 0xD8, 0xFF, 0, 1, 2, 3, 4])
        return ["one.eml", "box.mbox", "Maildir", "mixed"].map(folder.file)
    }

    @Test("All kinds of paths are learnt, with and without a daemon", arguments: [true, false])
    func paths(_ hasDaemon: Bool) throws {
        let folder = try TemporaryFolder()
        let paths = try LearnTests.write(folder)
        let rig = hasDaemon ? try LearningRig() : nil
        func learn(_ arguments: [String], input: [UInt8] = []) throws -> Command.Output {
            if let rig { return try rig.learn(arguments, input: input) }
            return try Command.run(
                DaemonProcess.binary, ["learn", "--config", folder.file("siftd.toml")] + arguments,
                input: input)
        }
        if !hasDaemon {
            try folder.write("learn/none", "")
            try TinyModel.shared.get().write(to: folder.file("model"))
            try folder.write(
                "siftd.toml",
                LearningRig.settings(folder.file("learn"), folder.file("none.sock"))
                    + "[model]\ndirectory = \"\(folder.file("model"))\"\n")
        }
        let first = try learn(["--spam", "--source", "admin"] + paths)
        #expect(first.status == 1, "\(first.err)")
        #expect(first.err.contains("left out: \(folder.file("mixed")): photo.jpg has no header"))
        #expect(first.out.hasSuffix("\nlearned 6 of 7: 1 no mail\n"), "\(first.out)")
        #expect(first.out.contains("\(folder.file("box.mbox")): 2: stored"))
        let again = try learn(["--spam", "--source", "admin", "--quiet"] + paths.dropLast())
        #expect(again.status == 0 && again.err.isEmpty)
        #expect(again.out == "learned 5 of 5: 5 already known\n")
        // The other paths are learnt nevertheless.
        let missing = try learn(["--ham", "--source", "admin", "/nonexistent", "a=b", paths[0]])
        #expect(missing.status == 66 && missing.err.contains("a=b: does not exist"))
        #expect(missing.out.contains("one.eml: stored; it replaces the message's earlier label"))
        let input = try learn(
            ["--forget", "--source", "admin", "--json"], input: TinyModel.message(.spam, 2))
        #expect(input.status == 0 && input.out.contains("\"outcome\":\"forgotten\""))
        #expect(input.out.contains("\"path\":\"-\""))
        let change = try learn(["--undo", "--labels", "by=admin"])
        #expect(change.out == "5 labels taken back, 5 of them in force\n")
    }

    @Test("What is no message is refused by its name")
    func noMail() throws {
        let rig = try LearningRig()
        for input in ["", "\n", "just words\n"] {
            let output = try rig.learn(["--spam"], input: Array(input.utf8))
            #expect(output.status == 1 && output.err.hasPrefix("siftd: left out: - "))
        }
        let large = Array("Subject: x\n\n".utf8) + [UInt8](repeating: 0x78, count: 65 << 20)
        let output = try rig.learn(["--spam"], input: large)
        #expect(output.status == 1 && output.err.contains("larger than 64 MiB"))
        #expect(try rig.labels().isEmpty)
    }

    @Test("Over the quota labels wait, and the summary counts them")
    func quota() throws {
        let rig = try LearningRig()
        let folder = try TemporaryFolder()
        for number in 0..<12 {
            let words = (0..<40).map { "w\(number)x\($0)" }.joined(separator: " ")
            try folder.write(
                "in/\(number)", "From: a\(number)@example.net\nSubject: \(number)\n\n\(words)\n")
        }
        let output = try rig.learn(["--spam", "--source", "user:bob", "--quiet", folder.file("in")])
        #expect(output.status == 0 && output.out == "learned 10 of 12: 2 over quota\n")
    }

    @Test("A reader of the output that leaves stops nothing")
    func closedOutput() throws {
        let rig = try LearningRig()
        let folder = try TemporaryFolder()
        let paths = try LearnTests.write(folder)
        let output = try Command.run(
            "/bin/bash",
            ["-c", "\"$@\" | true; exit ${PIPESTATUS[0]}", "bash", DaemonProcess.binary, "learn"]
                + ["--spam", "--source", "admin", "--socket", rig.socket] + paths.dropLast())
        #expect(output.status == 0, "\(output.err)")
        #expect(try rig.labels().count == 5)
    }

    @Test("Names arrive as they are, whatever is in them")
    func names() throws {
        let rig = try LearningRig()
        let mailbox = "x y&z=%41+ö#?@example.org"
        func learn(_ label: String) throws -> Command.Output {
            try rig.learn(
                ["--label", label, "--source", "user:\(mailbox)", "--mailbox", mailbox],
                input: TinyModel.message(.spam, 1))
        }
        // A label that the model lacks is refused by its name.
        let strange = "a&b=c%41+d ö#?"
        let refused = try learn(strange)
        #expect(refused.status == 65 && refused.err.contains("\"\(strange)\""))
        #expect(try rig.labels().isEmpty)
        #expect(try learn("spam").status == 0)
        let stored = try #require(try rig.labels().first?.label)
        #expect(stored.labelClass.rawValue == "spam" && stored.mailbox == mailbox)
        #expect(stored.source.subject == mailbox)
    }

    @Test("Control characters in the names of files do not reach the terminal")
    func controlCharacters() throws {
        let rig = try LearningRig()
        let folder = try TemporaryFolder()
        try folder.write("in/a\u{1B}[2J\nb.eml", TinyModel.message(.spam, 1))
        try folder.write("in/c\u{1B}[2J.jpg", "no mail")
        let output = try rig.learn(["--spam", folder.file("in")])
        #expect(output.out.hasPrefix("\(folder.file("in"))/a?[2J?b.eml: stored"))
        #expect(
            output.err == "siftd: left out: \(folder.file("in")): c?[2J.jpg has no header "
                + "field, so it is no message\n")
    }

    @Test("Clients that stall do not keep the daemon from stopping")
    func stalls() throws {
        let rig = try LearningRig()
        let idle = try UnixSocket.connect(rig.socket)
        defer { close(idle) }
        let half = try UnixSocket.connect(rig.socket)
        defer { close(half) }
        let request = "POST /v1/feedback?label=spam HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"
        #expect(send(half, request, request.utf8.count, Int32(MSG_NOSIGNAL)) > 0)
        rig.daemon.signal(SIGTERM)
        #expect(rig.daemon.waitForExit(seconds: 25) == 0, "\(rig.daemon.log)")
        #expect(!FileManager.default.fileExists(atPath: rig.socket))
    }

    @Test(
        "Arguments that mean nothing are refused before anything is read",
        arguments: [
            (["--spam", "--source", "siftd"], "does not learn from its own verdicts"),
            (["--spam", "--source", "user:siftd@example.org"], "its own verdicts"),
            (["--spam", "--source", "bob"], "is none of admin"),
            (["--spam", "--way", "pigeon"], "--way is pigeon"),
            (["--label", "forget"], "not \"forget\""), (["--label", "a\nb"], "control characters"),
            (["--undo", "--labels", "all"], "NAME=VALUE"), ([], "say what"),
            (["--undo", "--labels", "all=1", "a.eml"], "--undo reads no messages, so a.eml means"),
            (["--confirm", "--labels", "all=1", "a.eml"], "--confirm reads no messages"),
            (["--undo", "--labels", "by=nobody"], "is none of admin"),
            (["--undo", "--labels", "digest=1"], "a digest has 64 hexadecimal digits"),
            (["--status", "a.eml"], "--status reads no messages"),
            (["--spam", "--labels", "all=1", "a.eml"], "--labels is for --undo and --confirm"),
            (["--label", "x", "--labels", "all=1"], "--labels is for --undo and --confirm"),
        ])
    func mistakes(_ arguments: [String], _ reason: String) throws {
        let output = try Command.run(
            DaemonProcess.binary, ["learn", "--socket", "/nonexistent"] + arguments)
        #expect(output.status == 64 && output.err.contains(reason), "\(output.err)")
    }

    @Test("A socket that nobody listens on is an error when it was named")
    func absent() throws {
        let folder = try TemporaryFolder()
        let message = try folder.write("one.eml", TinyModel.message(.spam, 1))
        for (path, reason) in [
            (folder.file("none"), "no daemon listens there"),
            (folder.file(String(repeating: "x", count: 108)), "longer than the 107 bytes"),
        ] {
            let output = try Command.run(
                DaemonProcess.binary, ["learn", "--spam", "--socket", path, message])
            #expect(output.status == 69 && output.err.contains(reason), "\(output.err)")
        }
    }

    @Test(
        "A configured socket that can't be opened stops the start",
        arguments: [
            ("missing/c.sock", "No such file or directory; create it"),
            ("file", "exists and is not a socket"),
            (String(repeating: "x", count: 108), "longer than the 107 bytes"),
        ])
    func badSocket(_ name: String, _ reason: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "keep me")
        try folder.write("learn/none", "")
        try TinyModel.shared.get().write(to: folder.file("model"))
        let config = try folder.write(
            "c.toml",
            "milter.socket = \"unix:\(folder.file("m.sock"))\"\nhttp.port = 0\n"
                + "model.directory = \"\(folder.file("model"))\"\n"
                + LearningRig.settings(folder.file("learn"), folder.file(name)))
        let output = try Command.run(DaemonProcess.binary, ["serve", "--config", config])
        #expect(output.status == 69 && output.err.contains(reason), "\(output.err)")
        #expect(try String(contentsOfFile: folder.file("file"), encoding: .utf8) == "keep me")
    }

    @Test("A second daemon does not take over the socket, and a killed one does not block it")
    func secondDaemon() throws {
        let rig = try LearningRig()
        let folder = try TemporaryFolder()
        try folder.write("learn/none", "")
        let settings = LearningRig.settings(folder.file("learn"), rig.socket)
        let config = try folder.write(
            "c.toml",
            "milter.socket = \"unix:\(folder.file("m.sock"))\"\nhttp.port = 0\n"
                + "model.directory = \"\(rig.daemon.folder.file("model"))\"\n" + settings)
        let second = try Command.run(DaemonProcess.binary, ["serve", "--config", config])
        #expect(second.status == 69)
        #expect(second.err.contains("\(rig.socket) (learn.socket): another process listens there"))
        #expect(try rig.learn(["--status"]).status == 0)
        rig.daemon.signal(SIGKILL)
        #expect(rig.daemon.waitForExit(seconds: 20) != nil)
        #expect(FileManager.default.fileExists(atPath: rig.socket))
        let third = try DaemonProcess(configuration: settings)
        #expect(waitUntil(seconds: 120) { (try? rig.learn(["--status"]).status) == 0 })
        #expect(third.isRunning)
    }
}
