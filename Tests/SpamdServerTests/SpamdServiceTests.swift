import FilterTestKit
import Foundation
import Telemetry
import Testing

@testable import SpamdServer

/// The port on a real socket: what clients that misbehave get.
@Suite struct SpamdServiceTests {
    private static let message = String(decoding: TinyModel.message(.spam, 901), as: UTF8.self)

    @Test("A request is answered and the connection closed, with and without a length")
    func request() async throws {
        try await SpamdSample().onSocket { path in
            for fields in ["Content-length: \(SpamdServiceTests.message.utf8.count)\r\n", ""] {
                let client = try SpamdClient(path)
                try client.send("CHECK SPAMC/1.5\r\n\(fields)\r\n\(SpamdServiceTests.message)")
                if fields.isEmpty { client.finish() }
                #expect(try client.answer().contains("Spam: True ; "))
            }
            let client = try SpamdClient(path)
            try client.send("PING SPAMC/1.5\r\n\r\n")
            #expect(try client.answer() == "SPAMD/1.5 0 PONG\r\n")
        }
    }

    @Test("A request that breaks the protocol or is too large gets its fault")
    func faults() async throws {
        var limits = SpamdLimits()
        limits.bodyBytes = 1_000
        let sample = try SpamdSample(limits: limits)
        try await sample.onSocket { path in
            for (text, code) in [
                ("GET / HTTP/1.1\r\n\r\n", 76),
                ("CHECK SPAMC/1.5\r\n\r\n" + String(repeating: "x", count: 100_000), 65),
                ("CHECK SPAMC/1.5\r\nContent-length: 5\r\n\r\nhell", 76),
            ] {
                let client = try SpamdClient(path)
                try client.send(text)
                client.finish()
                #expect(try client.answer().hasPrefix("SPAMD/1.0 \(code) "))
            }
        }
        #expect(sample.registry.render().contains("siftd_spamd_requests_total{code=\"76\"} 2\n"))
    }

    @Test("A client that sends too slowly is told so")
    func slow() async throws {
        var limits = SpamdLimits()
        limits.time = .milliseconds(100)
        try await SpamdSample(limits: limits).onSocket { path in
            let client = try SpamdClient(path)
            try client.send("CHECK SPAMC/1.5\r\nContent-le")
            #expect(try client.answer().hasPrefix("SPAMD/1.0 79 Timeout: ("))
        }
    }

    @Test("Of many half requests the oldest is cut off, and a whole one is answered")
    func crowd() async throws {
        var limits = SpamdLimits()
        limits.connections = 4
        try await SpamdSample(limits: limits).onSocket { path in
            let idle = try (0..<6).map { _ in try SpamdClient(path) }
            for client in idle { try client.send("CHECK SPAMC/1.5\r\n") }
            let client = try SpamdClient(path)
            try client.send("PING SPAMC/1.2\r\n")
            #expect(try client.answer() == "SPAMD/1.5 0 PONG\r\n")
            withExtendedLifetime(idle) {}
        }
    }

    @Test("More bytes than all messages may have in memory are refused")
    func memory() async throws {
        var limits = SpamdLimits()
        limits.memoryBytes = 1_000
        try await SpamdSample(limits: limits).onSocket { path in
            let client = try SpamdClient(path)
            try client.send("CHECK SPAMC/1.5\r\n\r\n" + String(repeating: "x", count: 2_000))
            client.finish()
            #expect(try client.answer().hasPrefix("SPAMD/1.0 69 "))
        }
    }
}
