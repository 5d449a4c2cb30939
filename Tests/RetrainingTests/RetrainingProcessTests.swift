import Feedback
import FilterTestKit
import Foundation
import Retraining
import Testing

@Suite struct RetrainingProcessTests {
    /// A program that runs in siftd's stead.
    private func program(_ site: RetrainingSite, _ script: String) throws -> String {
        let path = try site.folder.write("program", "#!/bin/sh\n\(script)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    private func start(_ site: RetrainingSite, _ path: String) throws -> RetrainingProcess {
        try RetrainingProcess.start(
            site.task, store: site.store, reason: "test", executable: path)
    }

    @Test("A child that is killed is recorded as abandoned, and another may start")
    func killed() throws {
        let site = try RetrainingSite()
        let program = try program(site, "exec sleep 60")
        let process = try start(site, program)
        #expect {
            try start(site, program)
        } throws: { ($0 as? RetrainingError)?.kind == .busy }
        process.cancel()
        guard case .killed(let job, let signal) = try process.wait() else {
            Issue.record("the child was not killed")
            return
        }
        #expect(signal == SIGTERM && job.state == .abandoned && job.id == process.job)
        #expect(job.outcome.contains("ended by signal 15"))
        process.cancel()
        let next = try start(site, try self.program(site, "exit 3"))
        guard case .failed(let failed) = try next.wait() else {
            Issue.record("the child did not fail")
            return
        }
        #expect(failed.state == .failed && failed.outcome.contains("code 3"))
    }

    @Test("A program that can't be started is an error, and the retraining is not left running")
    func missing() throws {
        let site = try RetrainingSite()
        #expect {
            try start(site, "/nowhere/siftd")
        } throws: { ($0 as? RetrainingError)?.kind == .notStarted }
        #expect(try site.store.retrainings(limit: 1).first?.state == .failed)
    }

    @Test("The child gets its task on standard input, and no other descriptor")
    func inherits() throws {
        let site = try RetrainingSite()
        let out = site.folder.file("seen")
        let other = try #require(FileHandle(forReadingAtPath: "/dev/null"))
        defer { try? other.close() }
        let process = try start(
            site, try program(site, "cat > \(out).json; exec ls /proc/self/fd > \(out)"))
        _ = try process.wait()
        let task = try JSONDecoder().decode(
            RetrainingTask.self, from: Data(contentsOf: URL(fileURLWithPath: "\(out).json")))
        var expected = site.task
        expected.job = process.job
        #expect(task == expected)
        let seen = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n")
        // The last one is the directory that ls reads.
        #expect(seen.compactMap { Int($0) } == [0, 1, 2, 3])
    }
}
