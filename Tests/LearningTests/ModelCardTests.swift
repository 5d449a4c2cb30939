import FilterTestKit
import Foundation
import Models
import Testing

@testable import Learning

@Suite struct ModelCardTests {
    private func report(_ bundle: ModelBundle) throws -> TrainingReport {
        try JSONDecoder().decode(
            TrainingReport.self, from: JSONEncoder.siftd(pretty: false).encode(bundle.report))
    }

    @Test("A spam filter's card has network, data, thresholds, measures and a warning")
    func spam() throws {
        let bundle = try TinyModel.shared.get()
        let report = try report(bundle)
        let card = ModelCard(bundle.configuration, report).text
        #expect(card == bundle.card && card.hasPrefix("# Model \(bundle.configuration.id)\n"))
        for part in [
            "tells spam from ham", "windows of 2, 3 with 8 filters each, hidden layer of 4",
            "in 2^18 buckets with 40 % of the logit", "| set | train ham | train spam | dev ham",
            "- `tag`: probability 0.9000, 0 of ", "On the test part:", "mode = \"monitor\"",
        ] {
            #expect(card.contains(part), "\(part)")
        }
    }

    @Test("Without a test part the card shows dev, and without that it says so")
    func parts() throws {
        let bundle = try TinyModel.shared.get()
        var report = try report(bundle)
        report.test = nil
        #expect(ModelCard(bundle.configuration, report).text.contains("On the dev part:"))
        report.dev = nil
        #expect(ModelCard(bundle.configuration, report).text.contains("None were taken."))
    }

    @Test("A card lists what facts about the author weigh")
    func author() throws {
        let bundle = try TinyModel.shared.get()
        var report = try report(bundle)
        #expect(!bundle.card.contains("Facts about the author"))
        let json = "{\"weights\": {\"h:signed\": -0.5, \"h:unsigned\": 0.25}, \"bound\": 1}"
        report.author = try JSONDecoder().decode(AuthorWeights.self, from: Data(json.utf8))
        let card = ModelCard(bundle.configuration, report).text
        #expect(card.contains("lower it by at most 1.00.\n\n| fact | adds |\n|---|---|\n"))
        #expect(
            card.contains("| `h:signed` | -0.50 |\n| `h:unsigned` | 0.25 |\n\n## Training data"))
    }

    @Test("A card tells what was measured on sources left out, with intervals")
    func leftOut() throws {
        let bundle = try TinyModel.shared.get()
        var report = try report(bundle)
        #expect(!ModelCard(bundle.configuration, report).text.contains("Sources left out"))
        report.leftOut = [
            try #require(LeftOutMeasures(line: "shops\t100\t2\t0\t0")),
            try #require(LeftOutMeasures(line: "phish\t0\t0\t50\t40")),
        ]
        let card = ModelCard(bundle.configuration, report).text
        #expect(card.contains("\n\n## Sources left out\nModels trained alike"))
        #expect(card.contains("| shops | 100 | 0.020 | 0.006 to 0.070 | 0 | - | - |"))
        #expect(card.contains("| phish | 0 | - | - | 50 | 0.800 | 0.670 to 0.888 |\n\n## What"))
    }

    @Test(
        "Other lines are no measures",
        arguments: [
            "", "shops\t100\t2\t0", "shops\t100\t101\t0\t0", "\t1\t0\t0\t0", "shops\t1\t0\t-1\t0",
            "shops\ta\t0\t0\t0", "shops\t1\t0\t0\t0\t0",
        ])
    func noMeasures(line: String) {
        #expect(LeftOutMeasures(line: line) == nil)
    }

    @Test("A card of topics names up to twenty of them, and no thresholds")
    func labels() throws {
        let bundle = try TinyModel.shared.get()
        var report = try report(bundle)
        report.options.labelling = .exclusive
        var configuration = bundle.configuration
        configuration.head = .softmax
        configuration.linearBits = nil
        configuration.labels = (1...21).map { "t\($0)" }
        let card = ModelCard(configuration, report).text
        #expect(card.contains("which one applies of 21 labels (t1, "))
        #expect(card.contains("t20 and others)") && !card.contains("t21"))
        #expect(!card.contains("Thresholds") && !card.contains("linear"))
        #expect(card.contains("| set | train | dev | test |"))
    }
}
