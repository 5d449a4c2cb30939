import Checksums
import FilterTestKit
import Foundation
import Models
import Testing
import TextCNN

@Suite struct ModelBundleTests {
    private func bundle() throws -> ModelBundle { try TinyModel.shared.get() }

    @Test("A bundle reads back as it was written")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let bundle = try bundle()
        try bundle.write(to: folder.file("model"))
        let read = try ModelBundle(directory: folder.file("model"))
        #expect(read.network?.parameters == bundle.network?.parameters)
        #expect(read.network?.linear != nil)
        #expect(read.network?.linear == bundle.network?.linear)
        #expect(read.vocabulary == bundle.vocabulary)
        #expect(read.configuration == bundle.configuration)
        #expect(read.card == bundle.card)
    }

    @Test(
        "One flipped byte in any file is found",
        arguments: ["config.json", "vocabulary.txt", "weights.safetensors", "report.json"])
    func flippedByte(_ name: String) throws {
        let folder = try TemporaryFolder()
        try bundle().write(to: folder.file("model"))
        let url = URL(fileURLWithPath: folder.file("model/\(name)"))
        var bytes = Array(try Data(contentsOf: url))
        for index in [0, bytes.count / 2, bytes.count - 1] {
            bytes[index] ^= 0x01
            try Data(bytes).write(to: url)
            #expect {
                try ModelBundle(directory: folder.file("model"))
            } throws: { "\($0)".contains("\(name) is damaged") }
            bytes[index] ^= 0x01
        }
    }

    @Test("A missing file, directory or digest is named")
    func missing() throws {
        let folder = try TemporaryFolder()
        #expect {
            try ModelBundle(directory: folder.file("none"))
        } throws: { "\($0)".contains("no such directory") }
        try bundle().write(to: folder.file("model"))
        try FileManager.default.removeItem(atPath: folder.file("model/vocabulary.txt"))
        #expect {
            try ModelBundle(directory: folder.file("model"))
        } throws: {
            ($0 as? ModelError)?.kind == .missing && "\($0)".contains("vocabulary.txt is missing")
        }
    }

    @Test(
        "For a missing directory the hint fits its path",
        arguments: [
            ("mine", "`siftd train --output "), ("models/active", "`siftd model activate ID`"),
            ("models/active/", "`siftd model activate ID`"),
            ("share/siftd/models/starter", "the package siftd-model-starter"),
        ])
    func hint(_ path: String, _ hint: String) throws {
        let folder = try TemporaryFolder()
        #expect {
            try ModelBundle(directory: folder.file(path))
        } throws: {
            let text = "\($0)"
            return text.contains(hint) && !text.contains("active …") && !text.contains("starter …")
        }
    }

    @Test("A file that SHA256SUMS does not list is not trusted; the card need not be there")
    func unlisted() throws {
        let folder = try TemporaryFolder()
        try bundle().write(to: folder.file("model"))
        try FileManager.default.removeItem(atPath: folder.file("model/MODEL_CARD.md"))
        #expect(try ModelBundle(directory: folder.file("model")).card == "")
        let sums = try String(contentsOfFile: folder.file("model/SHA256SUMS"), encoding: .utf8)
        let lines = sums.split(separator: "\n").filter { !$0.hasSuffix("report.json") }
        try folder.write("model/SHA256SUMS", lines.joined(separator: "\n") + "\n")
        #expect {
            try ModelBundle(directory: folder.file("model"))
        } throws: {
            ($0 as? ModelError)?.kind == .damaged && "\($0)".contains("lacks report.json")
        }
    }

    @Test("A bundle that can't be written leaves nothing behind")
    func notWritable() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "x")
        #expect {
            try bundle().write(to: folder.file("file/model"))
        } throws: {
            ($0 as? ModelError)?.kind == .notWritable && "\($0)".contains("Not a directory")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
        #expect {
            try ModelBundle.checkIsFree(folder.file("file/new/model"))
        } throws: { ($0 as? ModelError)?.kind == .notWritable }
        #expect(throws: Never.self) { try ModelBundle.checkIsFree(folder.file("new/folders/m")) }
    }

    @Test("A bundle does not overwrite another")
    func overwrite() throws {
        let folder = try TemporaryFolder()
        try bundle().write(to: folder.file("model"))
        #expect {
            try bundle().write(to: folder.file("model"))
        } throws: {
            ($0 as? ModelError)?.kind == .exists && "\($0)".contains("exists already")
        }
        #expect(throws: ModelError.self) { try ModelBundle.checkIsFree(folder.path) }
        #expect(throws: Never.self) { try ModelBundle.checkIsFree(folder.file("new")) }
    }

    @Test("A bundle of an earlier format is read and scores", arguments: [1, 2])
    func earlier(_ version: Int) throws {
        let folder = try TemporaryFolder()
        var bundle = try bundle()
        bundle.configuration.segments = nil
        bundle.configuration.formatVersion = version
        try bundle.write(to: folder.file("model"))
        let read = try ModelBundle(directory: folder.file("model"))
        #expect(read.configuration.formatVersion == version)
        #expect(read.network?.parameters == bundle.network?.parameters)
        #expect(ScoringModel(read).filtersSpam)
    }

    @Test("A bundle of a later format is refused with what to do")
    func later() throws {
        let folder = try TemporaryFolder()
        var bundle = try bundle()
        bundle.configuration.formatVersion = ModelConfiguration.layoutVersion + 1
        try bundle.write(to: folder.file("model"))
        #expect {
            try ModelBundle(directory: folder.file("model"))
        } throws: {
            ($0 as? ModelError)?.kind == .unsupported
                && "\($0)".contains("needs a newer siftd, or training again")
        }
    }

    /// Changes `config.json` and signs the bundle anew: the digests are right, the content is not.
    @Test(
        "Numbers that can't be are refused before memory is asked for",
        arguments: [
            ("\"embedding\" : 8", "\"embedding\" : 900000000", .malformed),
            ("\"embedding\" : 8", "\"embedding\" : 16", .malformed),
            ("\"embedding\" : 8", "\"embedding\" : \"8\"", .malformed),
            ("\"format_version\" : 7", "\"format_version\" : 9", .unsupported),
            ("\"linear_bits\" : 18", "\"linear_bits\" : 64", .malformed),
            ("\"linear_bits\" : 18", "\"linear_bits\" : 17", .malformed),
            ("\"filters\" : 8", "\"filters\" : -8", .malformed),
            ("\"block\" : 32", "\"block\" : 0", .malformed),
            ("\"fact_bound\" : 2.5", "\"fact_bound\" : -2.5", .malformed),
            ("\"siftd-model\"", "\"other\"", .unsupported),
            ("\"version\" : 1", "\"version\" : 7", .unsupported),
        ] as [(String, String, ModelError.Kind)])
    func absurd(_ old: String, _ new: String, _ kind: ModelError.Kind) throws {
        let folder = try TemporaryFolder()
        try bundle().write(to: folder.file("model"))
        let config = folder.file("model/config.json")
        let before = try String(contentsOfFile: config, encoding: .utf8)
        let after = before.replacingOccurrences(of: old, with: new)
        #expect(before != after)
        try folder.write("model/config.json", after)
        let sums = try String(contentsOfFile: folder.file("model/SHA256SUMS"), encoding: .utf8)
        try folder.write(
            "model/SHA256SUMS",
            sums.replacingOccurrences(
                of: SHA256.hex(Array(before.utf8)), with: SHA256.hex(Array(after.utf8))))
        #expect {
            try ModelBundle(directory: folder.file("model"))
        } throws: { ($0 as? ModelError)?.kind == kind }
    }
}
