import Foundation
import MailText
import Milter
import Settings

extension Check {
    /// Clock, descriptors and memory.
    @Sendable static func machine(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        [clock(site)] + descriptors(settings, site) + memory(settings, site)
    }

    /// No clock is earlier than this version.
    private static let earliest = Date(timeIntervalSince1970: 1_767_225_600)

    private static func clock(_ site: Surroundings) -> Finding {
        guard site.now >= earliest else {
            return Finding(
                "machine", .failure,
                "the clock says \(site.now.formatted(.iso8601)), which is before this version",
                remedy: "timedatectl set-ntp true, or set the clock: labels are ordered by time")
        }
        let isTimesyncd = site.files.exists("/run/systemd/timesync")
        if isTimesyncd, !site.files.exists("/run/systemd/timesync/synchronized") {
            return Finding(
                "machine", .warning, "the clock is not synchronised",
                remedy: "timedatectl set-ntp true")
        }
        return Finding("machine", .ok, "the clock says \(site.now.formatted(.iso8601))")
    }

    /// Of a message: the MTA's connection and, over TCP, the relay's.
    private static let descriptorsOfMessage = 2

    private static func descriptors(
        _ settings: SiftdSettings, _ site: Surroundings
    ) -> [Finding] {
        guard let limit = daemonLimit(site) else {
            return [Finding("machine", .skipped, "no siftd serve runs: its limits are not known")]
        }
        let needed = settings.milter.limits.messages * descriptorsOfMessage
        guard limit < needed else {
            return [Finding("machine", .ok, "siftd may open \(limit) files")]
        }
        return [
            Finding(
                "machine", .warning,
                "siftd may open \(limit) files, and milter.message_limit needs \(needed)",
                remedy: "LimitNOFILE=\(needed * 2) in the unit, or a lower milter.message_limit")
        ]
    }

    /// Files that a running `siftd serve` may open; nil when none runs.
    private static func daemonLimit(_ site: Surroundings) -> Int? {
        for pid in site.files.names("/proc") where Int(pid) != nil {
            guard site.files.text("/proc/\(pid)/comm") == "siftd\n",
                let command = site.files.text("/proc/\(pid)/cmdline"),
                command.split(separator: "\0").contains("serve"),
                let limits = site.files.text("/proc/\(pid)/limits"),
                let line = limits.split(separator: "\n").first(where: {
                    $0.hasPrefix("Max open files")
                })
            else { continue }
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            return words.count > 3 ? Int(words[3]) : nil
        }
        return nil
    }

    /// A model with its tables, and as much again for a reload.
    private static let neededBytes = 300 << 20

    private static func memory(_ settings: SiftdSettings, _ site: Surroundings) -> [Finding] {
        guard let text = site.files.text("/proc/meminfo"),
            let total = kibibytes("MemTotal", text), let free = kibibytes("MemAvailable", text)
        else { return [Finding("machine", .skipped, "/proc/meminfo can't be read")] }
        var findings: [Finding] = []
        if free < neededBytes {
            findings.append(
                Finding(
                    "machine", .warning, "only \(free >> 20) MiB of memory are left",
                    remedy: "siftd takes 150 MiB, and twice as much during a reload"))
        }
        let (most, overflows) = settings.milter.limits.messages.multipliedReportingOverflow(
            by: settings.scan.bodyBytes)
        if overflows || most > total {
            findings.append(
                Finding(
                    "machine", .warning,
                    "milter.message_limit messages of scan.body_limit each are more than the "
                        + "\(total >> 20) MiB of memory",
                    remedy: "lower one of the two"))
        }
        return findings.isEmpty
            ? [Finding("machine", .ok, "\(free >> 20) of \(total >> 20) MiB of memory are left")]
            : findings
    }

    /// The bytes of a line such as `MemTotal:  123 kB`.
    private static func kibibytes(_ name: String, _ text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        let words = line?.split(separator: " ", omittingEmptySubsequences: true) ?? []
        return words.count > 1 ? Int(words[1]).map { $0 << 10 } : nil
    }
}
