import Foundation
import Models
import Testing
import TextCNN

@testable import Learning

@Suite struct ReportOptionsTests {
    @Test("Options of a report from before there were small blocks have large ones")
    func segmentsOfReports() throws {
        var options = TrainingJob.Options()
        options.segmentBlock = 48
        var written = try JSONDecoder().decode(
            [String: JSONValue].self, from: JSONEncoder().encode(options))
        func read() throws -> TrainingJob.Options {
            try JSONDecoder().decode(TrainingJob.Options.self, from: JSONEncoder().encode(written))
        }
        func segmentation() throws -> Segmentation { try read().segmentation(subject: 2, body: 3) }
        #expect(try segmentation().block == 48)
        #expect(try read().layoutBound == options.layoutBound)
        #expect(try read().training.markupDropping == options.training.markupDropping)
        written["layoutBound"] = nil
        written["training"] = .object([:])
        written["segmentBlock"] = nil
        written["segmentPenalty"] = nil
        written["segmentStrongest"] = nil
        #expect(try segmentation().block == 64)
        #expect(try segmentation().penalty == 0.2 && segmentation().strongest == 1)
        #expect(try read().layoutBound == nil && read().training.markupDropping == 0)
    }
}
