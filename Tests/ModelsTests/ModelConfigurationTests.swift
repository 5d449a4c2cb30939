import Foundation
import Testing
import TextCNN
import TextFeatures

@testable import Models

@Suite struct ModelConfigurationTests {
    private func configuration(labels: [String] = ["spam"]) -> ModelConfiguration {
        ModelConfiguration(
            id: "x", trained: "2026-01-01T00:00:00Z", labels: labels,
            architecture: NetworkShape(vocabulary: 100, outputs: labels.count),
            calibration: Calibration(),
            thresholds: [
                "tag": Threshold(falsePositiveRate: 0.005, minimum: 0.9, scored: [])
            ], textPipeline: .standard)
    }

    @Test("A sound configuration has no defect, and reads back")
    func sound() throws {
        var configuration = configuration()
        configuration.linearBits = 18
        #expect(configuration.defect == nil && configuration.isKnownFormat)
        let bytes = try JSONEncoder.siftd(pretty: true).encode(configuration)
        #expect(try JSONDecoder().decode(ModelConfiguration.self, from: bytes) == configuration)
    }

    @Test(
        "Versions 1 to 7 are known",
        arguments: [
            (0, false), (1, true), (2, true), (3, true), (4, true), (5, true), (6, true),
            (7, true), (8, false),
        ])
    func versions(version: Int, isKnown: Bool) {
        var configuration = configuration()
        configuration.formatVersion = version
        #expect(configuration.isKnownFormat == isKnown)
        configuration.format = "other"
        #expect(!configuration.isKnownFormat)
    }

    /// A change that makes a configuration impossible, and a word of the defect.
    struct Change: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var apply: @Sendable (inout ModelConfiguration) -> Void

        init(_ word: String, _ apply: @escaping @Sendable (inout ModelConfiguration) -> Void) {
            testDescription = word
            self.apply = apply
        }
    }

    @Test(
        "An impossible number is named",
        arguments: [
            Change("embedding") { $0.architecture?.embedding = 0 },
            Change("labels") { $0.labels = [] },
            Change("labels") { $0.labels = ["a", "b"] },
            Change("calibration.scale") { $0.calibration.scale = 0 },
            Change("calibration.scale") { $0.calibration.scale = .nan },
            Change("calibration.scale") { $0.calibration.scale = 1_001 },
            Change("calibration.offset") { $0.calibration.offset = -1_001 },
            Change("calibration.offset") { $0.calibration.offset = .nan },
            Change("threshold tag") { $0.thresholds["tag"]?.probability = 1.5 },
            Change("label_threshold") { $0.labelThreshold = -0.1 },
            Change("linear_bits") { $0.linearBits = 7 },
            Change("linear_bits") { $0.linearBits = 25 },
            Change("softmax") { $0.head = .softmax },
        ])
    func defects(change: Change) {
        var configuration = configuration()
        change.apply(&configuration)
        #expect(configuration.defect?.contains(change.testDescription) == true)
    }

    @Test("A linear term is for one label")
    func linearTerm() {
        var configuration = configuration(labels: ["a", "b"])
        #expect(configuration.defect == nil)
        configuration.linearBits = 18
        #expect(configuration.defect?.contains("one label") == true)
    }
}
