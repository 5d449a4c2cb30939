import Feedback
import FilterTestKit
import Retraining
import Testing

@Suite struct TableImportTests {
    @Test("Rows become labels of the admin with content; the same table again changes nothing")
    func imports() throws {
        let site = try RetrainingSite()
        let table = try site.table(60)
        let result = try TableImport.run(table, into: site.store, judge: site.judge)
        #expect(result.ham == 60 && result.spam == 60 && result.defects == 0)
        #expect(result.outcomes.values.reduce(0, +) == 120)
        let labels = try site.store.labels(.all, state: nil, after: 0, limit: 1_000)
        #expect(labels.allSatisfy { $0.label.way == .csv && $0.label.source == .admin })
        #expect(labels.allSatisfy { $0.label.payload != nil && !$0.label.features.bytes.isEmpty })
        #expect(labels.allSatisfy { $0.label.score.modelID == site.bundle.configuration.id })
        let again = try TableImport.run(table, into: site.store, judge: site.judge)
        #expect(again.outcomes == ["alreadyKnown": 120])
    }

    @Test("Nothing is stored of a table with a broken row")
    func broken() throws {
        let site = try RetrainingSite()
        let table = try site.folder.write("t.csv", "text,label\na,spam\nb,ham\nc,hma\n")
        #expect(throws: RetrainingError.self) {
            try TableImport.run(table, into: site.store, judge: site.judge)
        }
        #expect(try site.store.status().revision == 0)
    }
}
