import Fleet
import Foundation

/// All hosts as a table for the terminal.
struct FleetTable {
    private let status: FleetStatus

    init(_ status: FleetStatus) { self.status = status }

    /// Lines with line ends.
    var text: String {
        var lines = [model]
        if let proposal = status.proposal {
            lines.append(
                "proposed: \(proposal.model) (\(proposal.revision)) by \(proposal.host), "
                    + "\(seconds(status.time - proposal.proposed)) ago\(because(proposal.reason))")
            for answer in status.answers {
                lines.append(
                    "  \(answer.host): "
                        + (answer.isReady ? "ready" : "refuses: \(answer.reason)"))
            }
        }
        lines += table
        for host in status.hosts where host.state == .refused {
            lines.append("\(host.report.host): \(host.report.reason)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private var model: String {
        guard let active = status.active else { return "model: none that all hosts share yet" }
        let since = Date(timeIntervalSince1970: active.decided ?? active.proposed)
        return "model: \(active.model) (\(active.revision)) since \(since.formatted(.iso8601)), "
            + "from \(active.host)\(because(active.reason))"
    }

    private func because(_ reason: String) -> String { reason.isEmpty ? "" : ": \(reason)" }

    private var table: [String] {
        let header = [
            "HOST", "STATE", "SIFTD", "MODEL", "CHANGE", "LABELS", "SPOOL", "QUEUE", "SEEN",
        ]
        let rows =
            [header]
            + status.hosts.map { host in
                let report = host.report
                return [
                    report.host, host.state.rawValue, report.version,
                    report.model.isEmpty ? "-" : report.model, "\(report.revision)",
                    "\(report.labels)", spool(report), "\(report.queue)",
                    "\(seconds(host.silence)) ago",
                ]
            }
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count)
            }
            return String(
                cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
    }

    private func spool(_ report: FleetReport) -> String {
        report.spool == 0 ? "0" : "\(report.spool) (\(seconds(report.spoolAge)))"
    }

    private func seconds(_ value: Double) -> String {
        value < 120
            ? "\(Int(value)) s"
            : value < 7_200 ? "\(Int(value / 60)) min" : "\(Int(value / 3_600)) h"
    }
}
