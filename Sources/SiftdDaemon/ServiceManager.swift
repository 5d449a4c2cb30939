import Foundation
import Models

/// Reports the daemon's state to systemd by sd_notify(3): datagrams to the socket that
/// `NOTIFY_SOCKET` names. Without one nothing is sent.
final class ServiceManager: Sendable {
    private let address: String?
    /// Between two signs of life, a third of what systemd waits; nil when none is wanted
    /// (sd_watchdog_enabled(3)).
    let watchdogInterval: Duration?

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        address = environment["NOTIFY_SOCKET"]
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
        guard let address, address.hasPrefix("/") || address.hasPrefix("@") else { return }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var path = Array(address.utf8)
        guard path.count < MemoryLayout.size(ofValue: name.sun_path) else { return }
        // An abstract socket's name begins with a zero byte and ends with its length.
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(message.utf8)
        withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
