import FilterTestKit
import Foundation
import Models
import Telemetry
import Testing

@testable import HTTPServer

/// What documents and shipped files say of the HTTP port works.
@Suite struct HTTPDocumentationTests {
    private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: checkout.appendingPathComponent(path), encoding: .utf8)
    }

    /// Runs a shell's line in the checkout.
    private static func run(_ line: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = checkout
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    @Test(
        "Each curl line gets an answer",
        arguments: ["README.md", "docs/http.md", "docs/serving.md", "docs/try-it.txt"])
    func curl(_ path: String) async throws {
        let lines = try HTTPDocumentationTests.text(path).split(separator: "\n").compactMap {
            line in
            line.range(of: "curl ").map { String(line[$0.lowerBound...]) }
        }.filter { $0.contains("http://127.0.0.1:11380/") }
        #expect(path != "docs/http.md" || lines.count > 6)
        #expect(path != "docs/serving.md" || lines.count == 4)
        try await HTTPSample().onPort { port in
            for line in lines {
                let line =
                    "curl --fail -sS "
                    + line.dropFirst("curl ".count).replacing(":11380/", with: ":\(port)/")
                let answer = try HTTPDocumentationTests.run(line)
                #expect(answer.status == 0 && !answer.output.isEmpty, "\(line): \(answer.output)")
            }
        }
    }

    @Test("Alert rules and dashboard name metrics that there are")
    func shippedFiles() throws {
        let known = Set(MetricCatalog.all.map(\.name))
        for path in ["etc/siftd/prometheus/siftd.rules.yml", "etc/siftd/grafana/siftd.json"] {
            let text = try HTTPDocumentationTests.text(path)
            let names = text.matches(of: /siftd_[a-z_]+/).map { match in
                ["_bucket", "_count", "_sum"].reduce(String(match.0)) { name, suffix in
                    name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
                }
            }
            #expect(names.count > 5)
            for name in names { #expect(known.contains(name), "\(path): \(name)") }
        }
        _ = try JSONDecoder().decode(
            JSONValue.self,
            from: Data(HTTPDocumentationTests.text("etc/siftd/grafana/siftd.json").utf8))
    }

    @Test(
        "promtool finds nothing wrong with metrics and alert rules",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool")))
    func promtool() async throws {
        try await HTTPSample().onPort { port in
            for line in [
                "curl -sS http://127.0.0.1:\(port)/metrics | promtool check metrics",
                "promtool check rules etc/siftd/prometheus/siftd.rules.yml",
                "promtool test rules etc/siftd/prometheus/siftd.rules.test.yml",
            ] {
                let answer = try HTTPDocumentationTests.run(line)
                #expect(answer.status == 0, "\(answer.output)")
            }
        }
    }
}
