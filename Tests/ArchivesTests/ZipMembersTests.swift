import Archives
import FilterTestKit
import Foundation
import Testing

@Suite struct ZipMembersTests {
    /// Writes an archive with Python's zipfile.
    private func pack(_ folder: TemporaryFolder, _ script: String) throws -> [UInt8] {
        let path = folder.file("a.zip")
        let output = try Command.run(
            "/usr/bin/python3",
            ["-c", "import zipfile\nwith zipfile.ZipFile('\(path)', 'w') as z:\n  \(script)"])
        try #require(output.status == 0, "\(output.err)")
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test("Members with a limit are read, the others are left out")
    func members() throws {
        let folder = try TemporaryFolder()
        let bytes = try pack(
            folder, "z.writestr('a', 'x'); z.writestr('b/c', 'yy'); z.writestr('d', 'z')")
        let members = try ZipMembers.read(bytes) { $0 == "d" ? nil : 10 }
        #expect(members == ["a": Array("x".utf8), "b/c": Array("yy".utf8)])
    }

    @Test(
        "What no honest program writes is refused by name",
        arguments: [
            ("z.writestr('../x', '')", "../x"), ("z.writestr('/x', '')", "/x"),
            ("z.writestr('a/../../x', '')", "a/../../x"),
            ("z.writestr('big', 'x' * 11)", "big"),
            ("z.writestr('bomb', '0' * 90000000, zipfile.ZIP_DEFLATED)", "bomb"),
        ])
    func refused(_ script: String, _ name: String) throws {
        let folder = try TemporaryFolder()
        let bytes = try pack(folder, script)
        let failure = try #require(throws: ArchiveReader.Failure.self) {
            try ZipMembers.read(bytes) { $0 == "bomb" ? 1 << 30 : 10 }
        }
        #expect(failure.reason.contains(name))
    }

    @Test("A truncated archive is an error", arguments: [1, 10, 40])
    func truncated(_ missing: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = try pack(folder, "z.writestr('a', 'x' * 100)")
        let failure = try #require(throws: ArchiveReader.Failure.self) {
            try ZipMembers.read(Array(bytes.dropLast(missing))) { _ in 1_000 }
        }
        #expect(failure.reason.contains("truncated"))
    }
}
