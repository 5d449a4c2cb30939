import Dispatch
import FilterTestKit
import Foundation
import Synchronization
import Testing

@testable import PostgreSQL

@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct PostgreSQLPoolTests {
    private func pool(
        _ server: PostgreSQLServer, size: Int = 4, wait: Double = 20, seconds: Double = 20
    ) throws -> PostgreSQLPool {
        PostgreSQLPool(
            try PostgreSQLAddress(url: server.url("postgres")), size: size, waitSeconds: wait,
            limits: PostgreSQLLimits(seconds: seconds))
    }

    @Test("Many callers share a few connections")
    func bounded() throws {
        let pool = try pool(try PostgreSQLServer.shared.get(), size: 3)
        let pids = Mutex(Set<Int64>())
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 60) { number in
            do {
                let row = try pool.run("SELECT pg_backend_pid(), $1", [.int(Int64(number))]).first
                guard let row, try row.int(1) == Int64(number) else {
                    return failures.withLock { $0.append("\(number) got another's answer") }
                }
                let pid = try row.int(0)
                pids.withLock { _ = $0.insert(pid) }
            } catch { failures.withLock { $0.append("\(error)") } }
        }
        #expect(failures.withLock { $0 } == [])
        #expect((1...3).contains(pids.withLock { $0.count }))
    }

    @Test("Whoever gets no connection in time is told so, and the database counts as up")
    func exhausted() throws {
        let pool = try pool(try PostgreSQLServer.shared.get(), size: 1, wait: 0.05)
        try pool.withConnection { _ in
            let error = #expect(throws: PostgreSQLError.self) { try pool.run("SELECT 1") }
            #expect(error?.kind == .busy)
        }
        #expect(pool.failure == nil)
        #expect(try pool.run("SELECT 1").first?[0] == .int(1))
    }

    @Test("A connection that the server ended while idle is replaced without an error")
    func replaced() throws {
        let pool = try pool(try PostgreSQLServer.shared.get(), size: 1)
        let pid = try #require(try pool.run("SELECT pg_backend_pid()").first?.int(0))
        let admin = try self.pool(try PostgreSQLServer.shared.get())
        try admin.run("SELECT pg_terminate_backend($1::int)", [.int(pid)])
        let isGone = try waitUntil(seconds: 120) {
            try admin.run("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [.int(pid)]).rows.isEmpty
        }
        #expect(isGone)
        let next = try pool.run("SELECT pg_backend_pid()").first?.int(0)
        #expect(next != pid)
        #expect(pool.failure == nil)
    }

    @Test(
        "Told that a server was found, a pool asks at once; asking a server that is up does nothing"
    )
    func retried() throws {
        let server = try PostgreSQLServer()
        let pool = try pool(server, size: 1)
        try pool.run("SELECT 1")
        server.stop()
        #expect(throws: PostgreSQLError.self) { try pool.run("SELECT 1") }
        #expect(throws: PostgreSQLError.self) { try pool.run("SELECT 1") }
        #expect(pool.failure != nil)
        try server.start()
        pool.retry()
        #expect(waitUntil(seconds: 120) { pool.failure == nil })
        let pid = try pool.run("SELECT pg_backend_pid()").first?.int(0)
        pool.retry()
        #expect(try pool.run("SELECT pg_backend_pid()").first?.int(0) == pid)
    }

    @Test("A server that is killed in mid-query costs one error, then nothing until it is back")
    func killed() throws {
        let server = try PostgreSQLServer()
        let pool = try pool(server)
        let isRunning = DispatchSemaphore(value: 0)
        let done = DispatchSemaphore(value: 0)
        let found = Mutex<PostgreSQLError?>(nil)
        Thread.detachNewThread {
            do {
                try pool.withConnection { connection in
                    try connection.run("SELECT 1")
                    isRunning.signal()
                    try connection.run("SELECT pg_sleep(60)")
                }
            } catch { found.withLock { $0 = error as? PostgreSQLError } }
            done.signal()
        }
        isRunning.wait()
        server.kill()
        #expect(done.wait(timeout: .now() + 120) == .success)
        #expect(found.withLock { $0 }?.kind == .unavailable)
        // Whoever comes now fails without a connection of his own.
        for _ in 0..<1_000 {
            let error = #expect(throws: PostgreSQLError.self) { try pool.run("SELECT 1") }
            #expect(error?.kind == .unavailable)
        }
        try server.start()
        #expect(waitUntil(seconds: 120) { pool.failure == nil })
        #expect(try pool.run("SELECT 1").first?[0] == .int(1))
    }

    @Test("A server that is silent is given up by this side, and found again when it answers")
    func frozen() throws {
        let server = try PostgreSQLServer()
        let pool = try pool(server, size: 2, seconds: 0.3)
        try pool.run("SELECT 1")
        server.freeze()
        let silent = #expect(throws: PostgreSQLError.self) { try pool.run("SELECT 1") }
        #expect(silent?.kind == .unavailable)
        #expect(silent?.reason.contains("did not answer in time") == true)
        #expect(pool.failure != nil)
        #expect(throws: PostgreSQLError.self) { try pool.run("SELECT 1") }
        server.thaw()
        #expect(waitUntil(seconds: 120) { pool.failure == nil })
        #expect(try pool.run("SELECT 2").first?[0] == .int(2))
    }

    @Test("A commit whose answer is lost has an unknown outcome")
    func unknownOutcome() throws {
        let server = try PostgreSQLServer()
        let pool = try pool(server, seconds: 0.3)
        try pool.run("CREATE TABLE t (a bigint)")
        let error = #expect(throws: PostgreSQLError.self) {
            try pool.transaction { connection in
                try connection.run("INSERT INTO t VALUES (1)")
                server.freeze()
            }
        }
        #expect(error?.isOutcomeUnknown == true)
        server.thaw()
        #expect(waitUntil(seconds: 120) { pool.failure == nil })
        let count = try pool.run("SELECT count(*) FROM t").first?.int(0)
        #expect(count == 0 || count == 1)
    }

    @Test("A pool that was never used has not connected, and a closed one connects no more")
    func idleness() throws {
        let address = try PostgreSQLAddress(url: "postgresql:///siftd?host=/nonexistent")
        let pool = PostgreSQLPool(address)
        #expect(pool.failure == nil)
        #expect(pool.lastContact == nil)
        pool.close()
        let error = #expect(throws: PostgreSQLError.self) { try pool.run("SELECT 1") }
        #expect(error?.reason == "siftd is stopping")
    }
}
