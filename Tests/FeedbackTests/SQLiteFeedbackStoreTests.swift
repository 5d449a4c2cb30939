import FilterTestKit
import Foundation
import GRDB
import Testing

@testable import Feedback

/// What a file can suffer.
@Suite struct SQLiteFeedbackStoreTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("feedback.db") }

    init() throws { folder = try TemporaryFolder() }

    /// Expects that opening the store fails, names the file, and changes no byte of it.
    private func expectRefusal(_ kind: FeedbackError.Kind, _ words: String) throws {
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect {
            try SQLiteFeedbackStore(path: path)
        } throws: {
            guard let error = $0 as? FeedbackError else { return false }
            let text = error.description
            return error.kind == kind
                && ["feedback store \(path): ", words].allSatisfy { text.contains($0) }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("A new file is its owner's alone, and nothing else is left beside it")
    func creation() throws {
        let store = try SQLiteFeedbackStore(path: path)
        _ = try store.add(Sample.label(1, .spam))
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            #expect(name.hasPrefix("feedback.db"))
            #expect(!name.contains(".new-"))
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
    }

    @Test("A commit is on disk before its call returns, also when the store is opened again")
    func durability() throws {
        for _ in 0..<2 {
            let store = try SQLiteFeedbackStore(path: path)
            let (journal, level) = try store.pool.writeWithoutTransaction { db in
                (
                    try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                    try Int.fetchOne(db, sql: "PRAGMA synchronous")
                )
            }
            #expect(journal == "wal" && level == 2, "2 is FULL")
        }
    }

    @Test("The directory must exist")
    func missingDirectory() {
        #expect {
            try SQLiteFeedbackStore(path: folder.file("none/feedback.db"))
        } throws: {
            ($0 as? FeedbackError)?.kind == .missingDirectory && "\($0)".contains("create it")
        }
    }

    @Test("An empty file, or one that is no store, is refused and kept")
    func foreign() throws {
        try folder.write("feedback.db", "")
        try expectRefusal(.corrupt, "from a backup")
        try folder.write("feedback.db", "Dear diary, this is no database at all.")
        try expectRefusal(.corrupt, "from a backup")
        try FileManager.default.removeItem(atPath: path)
        try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE a (b)") }
        #expect {
            try SQLiteFeedbackStore(path: path)
        } throws: {
            ($0 as? FeedbackError)?.kind == .invalid && "\($0)".contains("another program")
        }
    }

    @Test("A store of a newer siftd is refused and kept")
    func newerVersion() throws {
        _ = try SQLiteFeedbackStore(path: path).add(Sample.label(1, .spam))
        try DatabaseQueue(path: path).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from the future')")
        }
        try expectRefusal(.newerVersion, "newer siftd")
    }

    @Test("Damage in the middle is an error that names the file and what to do, never a new store")
    func damage() throws {
        do {
            let store = try SQLiteFeedbackStore(path: path)
            _ = try store.add((1...200).map { try Sample.label($0, .spam, by: "admin") })
            try store.check()
        }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes.count > 100_000)
        for index in stride(from: 8_192, to: bytes.count, by: 7) { bytes[index] ^= 0x55 }
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect {
            let store = try SQLiteFeedbackStore(path: path)
            _ = try store.replayed()
            try store.check()
        } throws: {
            ($0 as? FeedbackError)?.kind == .corrupt && "\($0)".contains(path)
                && "\($0)".contains(".recover")
        }
        let after = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(after.count == bytes.count && after[8_192...] == bytes[8_192...])
    }

    @Test("Another process that holds the store is waited for, then named as the reason")
    func busy() throws {
        var options = FeedbackOptions()
        options.busySeconds = 0.05
        let store = try SQLiteFeedbackStore(path: path, options: options)
        let other = try DatabaseQueue(path: path)
        try other.inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            #expect {
                try store.add(Sample.label(1, .spam))
            } throws: { ($0 as? FeedbackError)?.kind == .busy }
            #expect(try store.active() == [], "reading waits for nobody")
            try db.execute(sql: "ROLLBACK")
        }
        #expect(try store.outcome(Sample.label(1, .spam)) == .stored)
    }

    @Test("Erased labels leave no bytes in file and log")
    func erased() throws {
        let secret = "correct horse battery staple"
        let store = try SQLiteFeedbackStore(path: path)
        var label = try Sample.label(1, .spam)
        label.payload = LabelPayload(.text, bytes: Array(secret.utf8))
        _ = try store.add([label, Sample.label(2, .ham)])
        func isOnDisk() throws -> Bool {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).contains { name in
                try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
                    .range(of: Data(secret.utf8)) != nil
            }
        }
        #expect(try isOnDisk())
        _ = try store.forget(label.digest, by: .admin)
        #expect(try !isOnDisk())
    }

    /// Both need a file system of their own, so root.
    @Test(
        "A full disk and a read-only one are named, and what was acknowledged stays",
        .enabled(if: getuid() == 0))
    func fullDisk() throws {
        let probe = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("feedback-probe").path
        let script = """
            mount -t tmpfs -o size=2m none "$1" || exit 77
            "$2" write "$1/feedback.db" 0 > "$1.full"
            mount -o remount,size=8m "$1"
            "$2" write "$1/feedback.db" 0 3 > "$1.again"
            mount -o remount,ro "$1"
            "$2" write "$1/feedback.db" 3 3 > "$1.readonly"
            mount -o remount,rw "$1"; cp "$1"/feedback.db* "$3"
            """
        let space = folder.file("space")
        try FileManager.default.createDirectory(atPath: space, withIntermediateDirectories: true)
        let output = try Command.run(
            "/usr/bin/unshare", ["-m", "/bin/sh", "-c", script, "sh", space, probe, folder.path])
        guard output.status != 77 else { return }
        func lines(_ name: String) throws -> [String] {
            try String(contentsOfFile: "\(space).\(name)", encoding: .utf8).split(separator: "\n")
                .map { String($0) }
        }
        let full = try lines("full")
        #expect(full.last?.contains("no space left") == true, "\(full.suffix(1)) \(output.err)")
        #expect(try lines("again") == ["0", "1", "2"])
        let readOnly = try lines("readonly")
        #expect(readOnly.last?.contains("mounted for writing") == true, "\(readOnly)")
        let store = try SQLiteFeedbackStore(path: path)
        try store.check()
        let acknowledged = full.dropLast().filter { (Int($0) ?? 2) % 3 != 2 }.count
        #expect(acknowledged > 20)
        #expect(try store.active().count >= acknowledged)
    }
}
