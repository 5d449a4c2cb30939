import FilterTestKit
import Glibc
import Logging
import Telemetry
import Testing

@testable import Milter

@Suite struct ShortageTests {
    @Test("A lack is logged once a minute and counted each time")
    func log() {
        let log = LogRecorder()
        let registry = PrometheusRegistry()
        let shortage = Shortage(metrics: FilterMetrics(factory: registry), logger: log.logger) {
            .milterFull(error: String(errno: $0))
        }
        let start = ContinuousClock.now
        for seconds in [0, 1, 59] { shortage.met(EMFILE, now: start + .seconds(seconds)) }
        #expect(log.count(of: "milter_full") == 1 && log.contains("LimitNOFILE="))
        #expect(log.contains("Too many open files"))
        shortage.met(EMFILE, now: start + .seconds(60))
        #expect(log.count(of: "milter_full") == 2)
        #expect(registry.render().contains("siftd_accept_failures_total 4"))
    }
}
