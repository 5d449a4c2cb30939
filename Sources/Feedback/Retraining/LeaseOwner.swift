import Foundation
import Glibc

/// A process that holds the lease on retraining.
///
/// A process of the same boot and the same process ids as ours is known to be dead as soon as no
/// process has its id and start time. Of others, such as those of another host or container, only
/// the lease's time tells.
public struct LeaseOwner: Sendable, Equatable, Codable {
    /// The boot and the namespace of process ids, in which a process id means something.
    public var domain: String
    /// The process id.
    public var processID: Int32
    /// When the process started, in clock ticks since boot: ids are used again.
    public var startTicks: UInt64

    /// An owner with these marks.
    public init(domain: String, processID: Int32, startTicks: UInt64) {
        self.domain = domain
        self.processID = processID
        self.startTicks = startTicks
    }

    /// This process.
    public static var current: LeaseOwner {
        let process = getpid()
        return LeaseOwner(
            domain: currentDomain, processID: process, startTicks: startTicks(of: process) ?? 0)
    }

    /// Whether the process is certainly gone.
    public var isDead: Bool {
        guard domain == LeaseOwner.currentDomain, !LeaseOwner.boot.isEmpty else { return false }
        if kill(processID, 0) != 0, errno == ESRCH { return true }
        // Of other users' processes /proc may show nothing (hidepid).
        return LeaseOwner.startTicks(of: processID).map { $0 != startTicks } ?? false
    }

    /// The kernel's name of this boot; empty when it can't be read.
    private static let boot: String = {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return (text ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }()

    private static let currentDomain: String = {
        let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        return "\(boot) \(space ?? "")"
    }()

    /// Field 22 of `/proc/PID/stat` (proc(5)); nil when it can't be read, 0 for a process that has
    /// ended and is still listed.
    private static func startTicks(of process: Int32) -> UInt64? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            // The name before may hold spaces and parentheses.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        // The first of these is field 3, the state.
        guard fields.count > 19 else { return nil }
        if fields[0] == "Z" || fields[0] == "X" { return 0 }
        return UInt64(fields[19])
    }
}
