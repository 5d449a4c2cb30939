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
        #expect(read.network.parameters == bundle.network.parameters)
        #expect(read.network.linear != nil)
        #expect(read.network.linear == bundle.network.linear)
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
        for place in [0, bytes.count / 2, bytes.count - 1] {
            bytes[place] ^= 0x01
            try Data(bytes).write(to: url)
            #expect {
                try ModelBundle(directory: folder.file("model"))
            } throws: { "\($0)".contains("\(name) is damaged") }
            bytes[place] ^= 0x01
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
        } throws: { "\($0)".contains("vocabulary.txt is missing") }
    }

    @Test("A bundle does not overwrite another")
    func overwrite() throws {
        let folder = try TemporaryFolder()
        try bundle().write(to: folder.file("model"))
        #expect {
            try bundle().write(to: folder.file("model"))
        } throws: { "\($0)".contains("exists already") }
    }

    /// Changes `config.json` and signs the bundle anew: the digests are right, the content is not.
    @Test(
        "Numbers that can't be are refused before memory is asked for",
        arguments: [
            ("\"embedding\" : 8", "\"embedding\" : 900000000"),
            ("\"embedding\" : 8", "\"embedding\" : 16"),
            ("\"format_version\" : 2", "\"format_version\" : 9"),
            ("\"linear_bits\" : 18", "\"linear_bits\" : 64"),
            ("\"linear_bits\" : 18", "\"linear_bits\" : 17"),
            ("\"filters\" : 8", "\"filters\" : -8"),
            ("\"siftd-model\"", "\"other\""),
        ])
    func absurd(_ old: String, _ new: String) throws {
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
        #expect(throws: ModelError.self) {
            try ModelBundle(directory: folder.file("model"))
        }
    }
}
