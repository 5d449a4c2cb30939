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
        domain == LeaseOwner.currentDomain && LeaseOwner.startTicks(of: processID) != startTicks
    }

    private static let currentDomain: String = {
        let boot = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))
        let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        let name = (boot ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        return "\(name) \(space ?? "")"
    }()

    /// Field 22 of `/proc/PID/stat` (proc(5)); nil when there is no such process, or a zombie.
    private static func startTicks(of process: Int32) -> UInt64? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            // The name before may hold spaces and parentheses.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        // The first of these is field 3, the state.
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return UInt64(fields[19])
    }
}
