import CoreMetrics
import Telemetry
import Testing

@Suite struct PrometheusTests {
    private func metrics() -> (PrometheusRegistry, FilterMetrics) {
        let registry = PrometheusRegistry()
        let metrics = FilterMetrics(
            factory: registry, verdicts: ["ham", "spam"], actions: ["accept", "add_header"],
            limits: ["limit-parts"])
        return (registry, metrics)
    }

    @Test("Counters of known labels begin at zero")
    func zeros() {
        let text = metrics().0.render()
        #expect(
            text.contains(
                "siftd_messages_total{verdict=\"ham\",action=\"accept\",source=\"milter\"} 0\n"))
        #expect(text.contains("siftd_limits_hit_total{limit=\"limit-parts\"} 0\n"))
        #expect(text.contains("siftd_queue_rejected_total 0\n"))
    }

    @Test("Counts and histograms add up, with help and type")
    func values() {
        let (registry, metrics) = metrics()
        metrics.countMessage(
            verdict: "spam", action: "add_header", source: .http, probability: 0.97, bytes: 2_000)
        metrics.record(.parse, seconds: 0.002)
        metrics.record(.parse, seconds: 40)
        let text = registry.render()
        #expect(
            text.contains(
                "siftd_messages_total{verdict=\"spam\",action=\"add_header\",source=\"http\"} 1\n"))
        #expect(text.contains("# TYPE siftd_stage_duration_seconds histogram\n"))
        #expect(
            text.contains("siftd_stage_duration_seconds_bucket{stage=\"parse\",le=\"0.0025\"} 1\n"))
        #expect(text.contains("siftd_stage_duration_seconds_bucket{stage=\"parse\",le=\"30\"} 1\n"))
        #expect(
            text.contains("siftd_stage_duration_seconds_bucket{stage=\"parse\",le=\"+Inf\"} 2\n"))
        #expect(text.contains("siftd_stage_duration_seconds_count{stage=\"parse\"} 2\n"))
        #expect(text.contains("siftd_message_bytes_bucket{le=\"4096\"} 1\n"))
    }

    @Test("Every line is a comment or a sample")
    func syntax() throws {
        let (registry, metrics) = metrics()
        metrics.showModel(id: "a\"b\\c", normalizer: "default", trained: 12)
        for line in (registry.render() + ProcessMetrics.render()).split(separator: "\n") {
            let sample = try #require(
                try /^(#\ (HELP|TYPE)\ [a-z_]+\ .+|[a-z_]+(\{.*\})?\ (-?[0-9.e+-]+|\+Inf))$/
                    .wholeMatch(in: line), "\(line)")
            _ = sample
        }
        #expect(registry.render().contains("model=\"a\\\"b\\\\c\""))
    }

    @Test("A new model replaces the old one's info")
    func modelInfo() {
        let (registry, metrics) = metrics()
        metrics.showModel(id: "old", normalizer: "default", trained: 1)
        metrics.showModel(id: "new", normalizer: "default", trained: 2)
        let text = registry.render()
        #expect(!text.contains("old") && text.contains("model=\"new\""))
    }
}

@Suite struct MailLogLineTests {
    @Test("The queue id is first, keys keep their order")
    func order() {
        var line = MailLogLine(queueID: "4XYZ")
        line.verdict = "spam"
        line.action = "add_header"
        line.points = 9.731
        line.required = 5
        line.probability = 0.97312
        line.envelopeSender = "a@example.org"
        #expect(
            line.text.hasPrefix(
                "4XYZ: verdict=spam action=add_header score=9.73 required=5.00 p=0.9731 model=-"))
        #expect(line.text.hasSuffix("batch=0 flags=-"))
    }

    @Test("What comes from outside can't forge or break a line")
    func escapes() {
        var line = MailLogLine(queueID: "")
        line.envelopeSender = "a\n4ABC: verdict=ham \"\\\u{1B}[31mü"
        line.messageID = String(repeating: "m", count: 5_000)
        let text = line.text
        #expect(text.hasPrefix("NOQUEUE: "))
        #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        #expect(
            text.contains("from=<a\\x0a4ABC:\\x20verdict=ham\\x20\\x22\\x5c\\x1b[31m\\xc3\\xbc>"))
        #expect(text.utf8.count < 1_000)
    }
}
