import Foundation
import Telemetry
import Testing

/// `docs/log-and-metrics.md` names exactly what the code has.
@Suite struct LogAndMetricsDocumentTests {
    /// Cells of the table below a heading, without their back-quotes.
    private func rows(_ heading: String) throws -> [[String]] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/log-and-metrics.md").path
        let lines = try String(contentsOfFile: path, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let section = lines.drop { $0 != "## \(heading)" }.dropFirst().prefix {
            !$0.hasPrefix("## ")
        }
        return section.filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|").map {
                $0.replacing("`", with: "").trimmingCharacters(in: .whitespaces)
            }
        }
    }

    @Test("Every key of a message's line is in the table, in the order it is written")
    func message() throws {
        var log = MessageLog(queueID: "4X")
        log.site = (0, 1)
        log.siteRevision = 7
        log.reason = "x"
        log.policy = "x"
        log.view = .allShown
        log.command = "CHECK"
        let keys = ["id"] + log.event.fields.map(\.key.rawValue)
        #expect(try rows("The line of a message").map { $0[0] } == keys)
    }

    @Test("Every event is in the table, and no other")
    func events() throws {
        let rows = try rows("Events")
        #expect(Set(rows.map { $0[0] }) == Set(MailLogEvent.Name.allCases.map(\.rawValue)))
        #expect(rows.count == MailLogEvent.Name.allCases.count)
        let levels = Set(["notice", "warning", "error"])
        #expect(rows.allSatisfy { levels.contains($0[1]) })
    }

    @Test("Every key is named somewhere")
    func keys() throws {
        let message = try rows("The line of a message").map { $0[0] }
        let events = try rows("Events").flatMap { $0[2].split(separator: ", ").map(String.init) }
        let general = ["ts", "level", "msg", "text"]
        #expect(Set(message + events + general) == Set(LogKey.allCases.map(\.rawValue)))
    }

    @Test("Every metric is in the table with its kind and labels")
    func metrics() throws {
        let documented = try rows("Metrics").map { Array($0.prefix(3)) }
        let known = MetricCatalog.all.map {
            [$0.name, $0.kind.rawValue, $0.labels.joined(separator: ", ")]
        }
        #expect(documented == known)
    }
}
