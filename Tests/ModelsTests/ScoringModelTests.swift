import FilterTestKit
import MailText
import Models
import Testing
import TextCNN

@Suite struct ScoringModelTests {
    private func model(tableLimit: Int = .max) throws -> ScoringModel {
        try ScoringModel(TinyModel.shared.get(), tableLimit: tableLimit)
    }

    @Test("A model of spam scores ham low and spam high", arguments: [700, 701, 702])
    func scores(number: Int) throws {
        let model = try model()
        #expect(model.filtersSpam)
        let score = { model.score(model.ids(of: MailContent(message: $0))) }
        let (spam, ham) = (
            score(TinyModel.message(.spam, number)), score(TinyModel.message(.ham, number))
        )
        #expect(spam.probability > 0.5 && ham.probability < 0.5)
        #expect(spam.logits.count == 1 && model.labels(spam.logits) == ["spam": spam.probability])
        #expect(model.otherLabels(spam.logits).isEmpty && model.holding(ham.logits) == ["spam"])
    }

    @Test("Without room for tables the network itself serves, and nearly agrees")
    func tableLimit() throws {
        let (fast, plain) = (try model(), try model(tableLimit: 0))
        #expect(fast.serving.contains("tables of") && plain.serving == "no tables")
        let ids = fast.ids(of: MailContent(message: TinyModel.message(.spam, 5)))
        #expect(abs(fast.score(ids).probability - plain.score(ids).probability) < 0.05)
    }

    /// A model whose labels are not spam.
    private func sorter(_ labels: [String], threshold: Double?) throws -> ScoringModel {
        var bundle = try TinyModel.shared.get()
        bundle.configuration.labels = labels
        bundle.configuration.labelThreshold = threshold
        return ScoringModel(bundle)
    }

    @Test("A model without the label spam gives no probability of it")
    func withoutSpam() throws {
        let model = try sorter(["bill"], threshold: 0.5)
        let score = model.score(model.ids(of: MailContent(message: TinyModel.message(.spam, 5))))
        #expect(!model.filtersSpam && score.probability == 0 && score.logits.count == 1)
        #expect(model.holding(score.logits) == ["bill"])
        #expect(model.explain(MailContent(plainText: "cheap pills")).label == "bill")
        #expect(model.evidence(of: Array(repeating: 1, count: 20)).knownProbability == nil)
    }

    @Test("The snapshot has the bundle's name, thresholds and report")
    func properties() throws {
        let bundle = try TinyModel.shared.get()
        let model = try model()
        #expect(model.id == bundle.configuration.id)
        #expect(model.tagThreshold == bundle.configuration.thresholds["tag"]?.probability)
        #expect(model.rejectThreshold == bundle.configuration.thresholds["reject"]?.probability)
        #expect(model.vocabulary == bundle.vocabulary && model.bundle == bundle.configuration)
    }

    @Test("A directory that is no bundle is refused")
    func missing() {
        #expect(throws: ModelError.self) { try ScoringModel(directory: "/nonexistent") }
    }
}
