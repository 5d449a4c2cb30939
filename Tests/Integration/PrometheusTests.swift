import FilterTestKit
import Foundation
import Models
import Testing

/// Debian's Prometheus scrapes a running siftd.
@Suite(
    .enabled(if: DaemonProcess.isBuilt, "build the siftd product first"),
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: "/usr/bin/prometheus"), "needs prometheus")
)
struct PrometheusTests {
    private struct Answer: Decodable {
        struct Data: Decodable {
            struct Result: Decodable {
                let metric: [String: String]
            }
            let result: [Result]
        }
        let data: Data
    }

    @Test("Every series arrives, with the stages of a message, and the rules can be loaded")
    func scrape() throws {
        let daemon = try DaemonProcess()
        let connection = try MilterConnection(path: daemon.socketPath)
        try connection.greet()
        _ = try connection.deliver(TinyModel.message(.spam, 800))
        let folder = try TemporaryFolder()
        try folder.write(
            "prometheus.yml",
            """
            global: {scrape_interval: 1s}
            rule_files: ["\(Checkout.file("etc/siftd/prometheus/siftd.rules.yml"))"]
            scrape_configs:
              - job_name: siftd
                static_configs: [{targets: ["127.0.0.1:\(daemon.httpPort)"]}]
            """)
        try folder.write("log", "")
        let prometheus = Process()
        prometheus.executableURL = URL(fileURLWithPath: "/usr/bin/prometheus")
        let port = try FreePort.find()
        prometheus.arguments = [
            "--config.file=\(folder.file("prometheus.yml"))",
            "--storage.tsdb.path=\(folder.file("data"))",
            "--web.listen-address=127.0.0.1:\(port)",
        ]
        prometheus.standardError = FileHandle(forWritingAtPath: folder.file("log"))
        try prometheus.run()
        defer { prometheus.waitUntilExit() }
        // It may have inherited that TERM is ignored.
        defer { kill(prometheus.processIdentifier, SIGKILL) }
        func ask(_ query: String) -> [[String: String]] {
            let answer = try? HTTPTestClient.request(
                "GET", "/api/v1/query?query=\(query)", port: port)
            let data = Data((answer?.body ?? "").utf8)
            return (try? JSONDecoder().decode(Answer.self, from: data))?.data.result.map(\.metric)
                ?? []
        }
        #expect(
            waitUntil(seconds: 120) {
                ask("siftd_stage_duration_seconds_count%3E0").count == 8
            }, "\((try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? "")")
        let stages = ask("siftd_stage_duration_seconds_count%3E0").compactMap { $0["stage"] }
        #expect(
            Set(stages) == [
                "receive", "parse", "read", "features", "queue", "infer", "verdict", "total",
            ])
        #expect(ask("up").count == 1 && ask("siftd_model_info").count == 1)
        for name in ["siftd_words_total", "siftd_messages_total", "siftd_retrain_total"] {
            #expect(ask("count(\(name))").count == 1, "\(name)")
        }
        let rules = try HTTPTestClient.request("GET", "/api/v1/rules", port: port).body
        #expect(rules.contains("SiftdUnknownWords") && !rules.contains("\"health\":\"err\""))
    }
}

/// Finds a port that nobody listens on now.
private enum FreePort {
    static func find() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(descriptor, generic, length) == 0,
                    getsockname(descriptor, generic, &length) == 0
                else { throw CocoaError(.fileNoSuchFile) }
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
    }
}
