import CoreMetrics
import FilterPolicy
import MailText
import Telemetry
import Testing

@Suite struct PrometheusRegistryTests {
    private func metrics() -> (PrometheusRegistry, FilterMetrics) {
        let registry = PrometheusRegistry()
        return (registry, FilterMetrics(factory: registry))
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
            .spam, .addHeader, source: .http, probability: 0.97, bytes: 2_000)
        metrics.record(.parse, .milliseconds(2))
        metrics.record(.parse, .seconds(40))
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
    func syntax() {
        let (registry, metrics) = metrics()
        metrics.showModel(id: "a\"b\\c", normalizer: "default", trained: 12)
        for line in (registry.render() + ProcessMetrics.render()).split(separator: "\n") {
            let syntax = /(#\ (HELP|TYPE)\ [a-z_]+\ .+|[a-z_]+(\{.*\})?\ (-?[0-9.e+-]+|\+Inf))/
            #expect(line.wholeMatch(of: syntax) != nil, "\(line)")
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

    @Test("Every reading limit and every pair of verdict and action has a counter")
    func closedSets() {
        let text = metrics().0.render()
        for defect in Defect.allCases {
            #expect(text.contains("{limit=\"\(defect.rawValue)\"} 0") == defect.isLimit)
        }
        for verdict in Verdict.allCases {
            for action in Action.allCases {
                #expect(
                    text.contains(
                        "{verdict=\"\(verdict.rawValue)\",action=\"\(action.rawValue)\","
                            + "source=\"milter\"} 0"))
            }
        }
    }

    @Test("A metric that no catalog knows is shown with its own kind")
    func foreign() {
        let registry = PrometheusRegistry(catalog: [])
        Counter(label: "library_calls", dimensions: [("to", "a\nb")], factory: registry)
            .increment(by: 3)
        #expect(
            registry.render()
                == """
                # HELP library_calls Kept by a library.
                # TYPE library_calls counter
                library_calls{to="a\\nb"} 3

                """)
    }
}

@Suite struct MetricCatalogTests {
    @Test("Names, buckets and kinds follow Prometheus' rules", arguments: MetricCatalog.all.indices)
    func rules(_ index: Int) {
        let metric = MetricCatalog.all[index]
        #expect(metric.name.hasPrefix("siftd_") && !metric.help.isEmpty)
        #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter))
        #expect(metric.buckets == metric.buckets.sorted())
        #expect(metric.buckets.isEmpty == (metric.kind != .histogram))
    }

    @Test("No name stands twice")
    func unique() {
        #expect(Set(MetricCatalog.all.map(\.name)).count == MetricCatalog.all.count)
    }
}
