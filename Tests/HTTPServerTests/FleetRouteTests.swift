import Fleet
import Foundation
import Testing

@testable import HTTPServer

/// A fleet of three hosts, one of which refuses the model and one of which is away.
enum FleetSample {
    static let active = FleetActivation(
        revision: 4, digest: "d4", model: "good", state: .active, host: "mx1", reason: "better",
        proposed: 1_700_000_000, decided: 1_700_000_001)

    static var status: FleetStatus {
        func host(_ name: String, digest: String, silence: Double) -> FleetHost {
            var report = FleetReport(host: name, version: "1.0")
            report.digest = digest
            report.model = digest == "d4" ? "good" : "old"
            report.revision = digest == "d4" ? 4 : 3
            if digest != "d4" {
                report.refused = 4
                report.reason = "too large"
            }
            return FleetHost(report, silence: silence, active: active)
        }
        var proposal = active
        proposal.revision = 5
        proposal.state = .proposed
        proposal.decided = nil
        return FleetStatus(
            time: 1_700_000_100, active: active, proposal: proposal,
            answers: [
                FleetAnswer(host: "mx1", isReady: true),
                FleetAnswer(host: "mx2", isReady: false, reason: "too large"),
            ],
            hosts: [
                host("mx1", digest: "d4", silence: 1), host("mx2", digest: "d3", silence: 2),
                host("mx3", digest: "d4", silence: 90),
            ])
    }
}

@Suite struct FleetRouteTests {
    @Test("The hosts are shown to readers, with what each reports")
    func fleet() async throws {
        var sample = try HTTPSample(tokens: true)
        sample.parts.fleet = { FleetSample.status }
        try await sample.onRouter { client in
            #expect(try await client.ask(.get, "/v1/fleet").status == 401)
            let answer = try await client.ask(.get, "/v1/fleet", token: HTTPSample.readToken)
            #expect(answer.status == 200)
            let data = try JSONEncoder().encode(answer.json)
            let status = try JSONDecoder().decode(FleetStatus.self, from: data)
            #expect(status == FleetSample.status)
            #expect(status.hosts.map(\.state) == [.ok, .refused, .away])
            #expect(answer.json["hosts"]?[1]?["refusal"]?.text == "too large")
            #expect(answer.json["answers"]?[0]?["ready"]?.isTrue == true)
        }
    }
}
