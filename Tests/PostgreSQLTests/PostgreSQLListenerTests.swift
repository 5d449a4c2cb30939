import FilterTestKit
import Synchronization
import Testing

@testable import PostgreSQL

@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct PostgreSQLListenerTests {
    private final class Events: Sendable {
        private let list = Mutex<[PostgreSQLListener.Event]>([])

        func append(_ event: PostgreSQLListener.Event) { list.withLock { $0.append(event) } }

        func count(_ condition: (PostgreSQLListener.Event) -> Bool) -> Int {
            list.withLock { $0.count(where: condition) }
        }

        var payloads: [String] {
            list.withLock { events in
                events.compactMap {
                    guard case .notification(let channel, let payload) = $0 else { return nil }
                    return "\(channel): \(payload)"
                }
            }
        }
    }

    private func listener(
        _ address: PostgreSQLAddress, _ channels: [String]
    ) -> (PostgreSQLListener, Events) {
        let events = Events()
        let listener = PostgreSQLListener(
            address, channels: channels, limits: PostgreSQLLimits(seconds: 5)
        ) { events.append($0) }
        listener.start()
        return (listener, events)
    }

    @Test("Notifications of the channels listened to arrive in order, others don't")
    func notifications() throws {
        let server = try PostgreSQLServer.shared.get()
        let address = try PostgreSQLAddress(url: server.url(try server.database()))
        let (listener, events) = listener(address, ["labels", "odd \"name"])
        #expect(waitUntil(seconds: 120) { events.count { $0 == .connected } == 1 })
        let sender = try PostgreSQLConnection(address)
        try sender.transaction { sender in
            try sender.run("SELECT pg_notify('labels', $1)", [.text("1")])
            try sender.run("SELECT pg_notify('other', 'x')")
            try sender.run("SELECT pg_notify('odd \"name', 'y')")
            #expect(events.payloads.isEmpty, "before the commit")
        }
        try sender.run("SELECT pg_notify('labels', $1)", [.text("2")])
        #expect(waitUntil(seconds: 120) { events.payloads.count == 3 })
        #expect(events.payloads == ["labels: 1", "odd \"name: y", "labels: 2"])
        listener.stop()
        let isGone = try waitUntil(seconds: 120) {
            try sender.run(
                "SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                    + "AND datname = current_database()"
            ).rows.isEmpty
        }
        #expect(isGone)
    }

    @Test("A listener says when it was away, and hears what comes after the server is back")
    func reconnect() throws {
        let server = try PostgreSQLServer()
        let address = try PostgreSQLAddress(url: server.url("postgres"))
        let (listener, events) = listener(address, ["labels"])
        #expect(waitUntil(seconds: 120) { events.count { $0 == .connected } == 1 })
        server.kill()
        let isLost = waitUntil(seconds: 120) {
            events.count {
                if case .disconnected(let error) = $0 { error.kind == .unavailable } else { false }
            } > 0
        }
        #expect(isLost)
        try server.start()
        #expect(waitUntil(seconds: 120) { events.count { $0 == .connected } == 2 })
        let sender = try PostgreSQLConnection(address)
        try sender.run("SELECT pg_notify('labels', 'again')")
        #expect(waitUntil(seconds: 120) { events.payloads == ["labels: again"] })
        listener.stop()
    }

    @Test("A listener started before the server finds it later")
    func early() throws {
        let server = try PostgreSQLServer()
        server.stop()
        let (listener, events) = listener(
            try PostgreSQLAddress(url: server.url("postgres")), ["labels"])
        #expect(waitUntil(seconds: 120) { events.count { $0 != .connected } > 0 })
        #expect(events.count { $0 == .connected } == 0)
        try server.start()
        #expect(waitUntil(seconds: 120) { events.count { $0 == .connected } == 1 })
        listener.stop()
    }
}
