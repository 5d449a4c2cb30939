import Foundation
import Milter
import Models

/// Reports the daemon's state to systemd by sd_notify(3).
///
/// It sends datagrams to the socket that `NOTIFY_SOCKET` names. Without one nothing is sent.
final class ServiceManager: Sendable {
    private let address: UnixAddress?
    /// Between two signs of life, a third of what systemd waits; nil when none is wanted
    /// (sd_watchdog_enabled(3)).
    let watchdogInterval: Duration?

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        address = environment["NOTIFY_SOCKET"].flatMap { UnixAddress($0) }
        let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        watchdogInterval = environment["WATCHDOG_USEC"].flatMap(Double.init)
            .flatMap { isOurs && $0 > 0 ? .microseconds($0 / 3) : nil }
    }

    /// - Parameter model: what mail is judged with.
    func ready(serving model: ScoringModel?) {
        let name = model.map { "model \($0.id)" } ?? "no model"
        send("READY=1\nSTATUS=judging mail with \(name)")
    }

    func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1_000)")
    }

    func stopping() { send("STOPPING=1\nSTATUS=finishing the messages in progress") }

    func isAlive() { send("WATCHDOG=1") }

    private func send(_ message: String) {
        guard let address else { return }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(message.utf8)
        address.withSocketAddress {
            _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1)
        }
    }
}
