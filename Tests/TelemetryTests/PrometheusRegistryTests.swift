import CoreMetrics
import Dispatch
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

    @Test("Figures of a model and of a retraining that are not known are not there")
    func gauges() {
        let (registry, metrics) = metrics()
        var measures = FilterMetrics.ModelMeasures()
        measures.recall = 0.5
        metrics.showModel(id: "a", normalizer: "default", trained: 1, measures: measures)
        metrics.showRetraining(started: 5, ended: 65, accuracyDrop: -0.25, falsePositiveRise: 0)
        let text = registry.render()
        for line in [
            "siftd_model_holdout_recall_ratio 0.5", "siftd_retrain_last_duration_seconds 60",
            "siftd_retrain_last_timestamp_seconds 65",
            "siftd_retrain_guard_accuracy_drop_ratio -0.25",
            "siftd_retrain_guard_false_positive_rise_ratio 0",
            "siftd_retrain_total{result=\"refused\"} 0",
        ] { #expect(text.contains(line + "\n")) }
        #expect(!text.contains("siftd_model_holdout_accuracy_ratio"))
        metrics.showModel(id: "b", normalizer: "default", trained: 1)
        metrics.showRetraining(started: 5, ended: 6, accuracyDrop: nil, falsePositiveRise: nil)
        #expect(!registry.render().contains(/siftd_model_holdout|siftd_retrain_guard/))
    }

    @Test("Values that threads record at once are all there")
    func concurrency() {
        let (registry, metrics) = metrics()
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<1_000 {
                metrics.record(.total, .milliseconds(number % 2 == 0 ? 1 : 40_000))
                metrics.countMessage(
                    .ham, .accept, source: .http, probability: 0.25, bytes: thread)
                metrics.countWords(3, known: 1)
            }
        }
        let text = registry.render()
        for line in [
            "siftd_stage_duration_seconds_count{stage=\"total\"} 8000",
            "siftd_stage_duration_seconds_bucket{stage=\"total\",le=\"30\"} 4000",
            "siftd_stage_duration_seconds_bucket{stage=\"total\",le=\"+Inf\"} 8000",
            "siftd_spam_probability_sum 2000", "siftd_words_total{known=\"true\"} 8000",
            "siftd_words_total{known=\"false\"} 16000",
        ] { #expect(text.contains(line + "\n"), "\(line)") }
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
