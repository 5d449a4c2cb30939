import Corpora
import FilterTestKit
import Models
import Testing
import TextCNN
import TextFeatures

@testable import Learning

@Suite struct CandidateTests {
    /// A network without weights but a bias for each label, and dev messages of these labels.
    private func candidate(
        _ labelling: Labelling, labels: [String], dev: [String], bias: [Float],
        leastTag: Double = Threshold.leastTagProbability
    ) throws -> Candidate {
        let mail = MemoryMail(
            messages: dev.map { label in
                CorpusMessage(
                    set: "mail", path: label, label: label, part: .dev, content: .text("x"))
            })
        let pipeline = try TextPipeline(.standard)
        let data = try DataSetReader(splits: SplitFile(), labelling: labelling, pipeline: pipeline)
            .read([mail]) { _ in }
        let vocabulary = VocabularyBuilder().vocabulary(
            for: .standard, size: 10, minimumFrequency: 1)
        var parameters = Parameters(
            zeros: NetworkShape(
                vocabulary: vocabulary.count, embedding: 1, widths: [1], filters: 1, hidden: 0,
                outputs: labels.count))
        parameters.outputBias = bias
        let encoded = EncodedData(
            data, pipeline, vocabulary, labels: labels, TrainingJob.Options(labelling))
        return Candidate.fit(Network(parameters), encoded, labelling, leastTag: leastTag)
    }

    @Test("A spam filter gets both thresholds, at least as strict as their minimums")
    func spam() throws {
        let candidate = try candidate(
            .spam, labels: ["spam"], dev: ["ham", "spam", "ham", "ham"], bias: [2])
        #expect(candidate.thresholds["tag"]?.probability == Threshold.leastTagProbability)
        #expect(candidate.thresholds["reject"]?.probability == Threshold.leastRejectProbability)
        #expect(candidate.thresholds["tag"]?.targetFalsePositiveRate == 0.005)
        #expect(candidate.thresholds["reject"]?.targetFalsePositiveRate == 0.001)
        #expect(candidate.labelThreshold == nil)
        // A quarter is spam; Platt's targets draw that to the middle.
        let probability = candidate.calibration.probability(2)
        #expect(probability > 0.2 && probability < 0.4)
    }

    @Test("A higher minimum of the tag threshold holds, and leaves the other as it is")
    func leastTag() throws {
        let candidate = try candidate(
            .spam, labels: ["spam"], dev: ["ham", "spam"], bias: [2], leastTag: 0.96)
        #expect(candidate.thresholds["tag"]?.probability == 0.96)
        #expect(candidate.thresholds["reject"]?.probability == Threshold.leastRejectProbability)
    }

    @Test("Exclusive labels get a scale alone")
    func exclusive() throws {
        let candidate = try candidate(
            .exclusive, labels: ["a", "b"], dev: ["a", "a", "a", "b"], bias: [1, 0])
        #expect(candidate.thresholds.isEmpty && candidate.labelThreshold == nil)
        #expect(candidate.calibration.offset == 0)
        // Softmax of (scale, 0) is nearest to three quarters at scale ln 3.
        #expect(abs(candidate.calibration.scale - 1.0986) < 0.01)
    }

    @Test("Independent labels share the threshold with the best micro-F1")
    func several() throws {
        let candidate = try candidate(
            .several, labels: ["a", "b"], dev: ["a", "a", "a|b", "a"], bias: [3, -3])
        #expect(candidate.thresholds.isEmpty)
        let threshold = try #require(candidate.labelThreshold)
        #expect((0.1...0.9).contains(threshold))
        #expect(candidate.calibration.probability(3) >= threshold)
        #expect(candidate.calibration.probability(-3) < threshold)
    }
}
