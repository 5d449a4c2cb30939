import FilterTestKit
import Foundation
import Testing

/// Commands that judge by what a site has taught, without a daemon.
@Suite struct SiteCommandTests {
    private let folder: TemporaryFolder
    private let config: String

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("learn/none", "")
        try TinyModel.shared.get().write(to: folder.file("model"))
        config = try folder.write(
            "c.toml",
            "model.directory = \"\(folder.file("model"))\"\n"
                + LearningRig.settings(folder.file("learn"), folder.file("none.sock")))
        for number in 0..<30 {
            try folder.write("mail/ham/\(number)", TinyModel.message(.ham, 700 + number))
            try folder.write("mail/spam/\(number)", TinyModel.message(.spam, 700 + number))
        }
    }

    private func run(_ arguments: [String]) throws -> Command.Output {
        try Command.run(DaemonProcess.binary, arguments + ["--config", config])
    }

    /// A copy of the model under another id and with another tag threshold.
    private func otherModel() throws -> String {
        var bundle = try TinyModel.shared.get()
        bundle.configuration.id = "strict"
        bundle.configuration.thresholds["tag"]?.probability = 1
        try bundle.write(to: folder.file("strict"))
        return folder.file("strict")
    }

    @Test("A replay compares one model without and with labels, and two with or without them")
    func replay() throws {
        let mail = folder.file("mail")
        let teaching = try run(["learn", "--ham", "--quiet", "\(mail)/spam"])
        #expect(teaching.status == 0, "\(teaching.err)")

        let taught = try run(["replay", mail])
        #expect(taught.status == 0 && taught.out.contains("spam "), "\(taught.err)")
        #expect(taught.out.contains("30 labels") && taught.out.contains("marked as wanted"))
        #expect(!taught.err.contains(" 0 of 60"))

        let strict = try otherModel()
        let models = ["--model", folder.file("model"), "--model", strict]
        let off = try run(["replay"] + models + ["--labels", "off", mail])
        #expect(off.status == 0 && !off.out.contains(" labels:"), "\(off.err)")
        #expect(off.out.contains("strict: "))
        #expect(try run(["replay"] + models + [mail]).out == off.out, "off is the default")
        // Nothing taught as wanted is spam by either model any more.
        let on = try run(["replay"] + models + ["--labels", "on", mail])
        #expect(on.status == 0 && on.err != off.err, "\(on.err)")
        for line in on.out.split(separator: "\n") where line.hasPrefix("    ") {
            #expect(line.contains("30 labels"))
        }
    }

    @Test("A label that the model does not have is refused")
    func unknownLabel() throws {
        let output = try run(["learn", "--label", "bills", folder.file("mail/ham/1")])
        #expect(output.status == 65 && output.err.contains("it knows ham, spam"), "\(output.err)")
    }

    @Test("A calibration counts this site's labels, and says what it rests on")
    func calibrate() throws {
        let mail = folder.file("mail")
        _ = try run(["learn", "--ham", "--quiet", "\(mail)/ham"])
        let output = try run(["calibrate", "--ham", "\(mail)/ham", "--dry-run"])
        #expect(output.status == 0, "\(output.err)")
        #expect(output.out.contains("30 wanted") && output.out.contains("30 labels of this site"))
        let history = try run(["calibrate", "--from-history", "--dry-run"])
        #expect(history.status == 0 && history.out.contains("30 labelled"), "\(history.err)")
        let nothing = try run(["calibrate", "--dry-run"])
        #expect(nothing.status == 64 && nothing.err.contains("--from-history"), "\(nothing.err)")
    }

    @Test("Versions go where learn.registry says; a missing one is said once, before a retraining")
    func registry() throws {
        let mail = folder.file("mail")
        func run(_ arguments: [String]) throws -> Command.Output {
            try Command.run(
                DaemonProcess.binary, arguments + ["--config", config],
                environment: ["SIFTD_LEARN_REGISTRY": folder.file("versions")])
        }
        #expect(try run(["learn", "--ham", "--quiet", "\(mail)/ham"]).status == 0)
        let missing = try run(["retrain", "--now"])
        let reason = "model registry \(folder.file("versions")): no such directory"
        #expect(missing.status == 66, "\(missing.err)")
        #expect(missing.err.components(separatedBy: reason).count == 2, "\(missing.err)")
        #expect(try run(["learn", "--status"]).out.contains("last retraining: none"))
        try FileManager.default.createDirectory(
            atPath: folder.file("versions"), withIntermediateDirectories: false)
        let output = try run(["calibrate", "--ham", "\(mail)/ham"])
        #expect(output.status == 0, "\(output.err)")
        #expect(output.out.contains(" is active in \(folder.file("versions"))\n"))
        let listed = try run(["model", "list"])
        #expect(listed.status == 0 && listed.out.split(separator: "\n").count == 2, "\(listed.err)")
        #expect(try run(["model", "rollback"]).status == 0)
    }
}
