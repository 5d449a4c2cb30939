import FilterTestKit
import Foundation
import Models
import Testing

@testable import Retraining

@Suite struct SiteCalibrationTests {
    private static let date = Date(timeIntervalSince1970: 0)

    private func calibrate(
        _ ham: [Double], _ spam: [Double] = []
    ) throws -> (bundle: ModelBundle, calibration: SiteCalibration) {
        try SiteCalibration.run(
            TinyModel.shared.get(), ham: ham, spam: spam, date: SiteCalibrationTests.date)
    }

    @Test("The tag threshold rises above wanted mail, in a version of its own")
    func raises() throws {
        let ham = (0..<100).map { -3 + Double($0) * 0.08 }
        let (bundle, calibration) = try calibrate(ham)
        let old = try TinyModel.shared.get().configuration
        #expect(calibration.before.falsePositives > 20 && calibration.after.falsePositives == 0)
        #expect(calibration.after.threshold > calibration.before.threshold)
        #expect(calibration.after.high > 0.03 && calibration.after.high < 0.04, "of 100 messages")
        #expect(calibration.parent == old.id && bundle.configuration.id == calibration.id)
        #expect(calibration.id.hasPrefix("\(old.id)-cal"))
        #expect(bundle.configuration.calibration == old.calibration)
        let tag = try #require(bundle.configuration.thresholds["tag"]?.probability)
        let reject = try #require(bundle.configuration.thresholds["reject"]?.probability)
        #expect(tag == calibration.after.threshold && reject >= tag)
        guard case .object(let report) = bundle.report else {
            Issue.record("the report is no object")
            return
        }
        #expect(report["calibration"] != nil && bundle.card.contains("100 wanted"))
    }

    @Test("Thresholds are never lowered, however clear the mail is")
    func neverLowers() throws {
        let old = try TinyModel.shared.get().configuration.thresholds
        for spam in [[], (0..<60).map { 8 + Double($0) * 0.01 }] {
            let (bundle, calibration) = try calibrate((0..<60).map { -9 - Double($0) * 0.01 }, spam)
            for (name, threshold) in bundle.configuration.thresholds {
                let before = try #require(old[name]?.probability)
                let logit = log(threshold.probability / (1 - threshold.probability))
                #expect(
                    logit * calibration.temperature > log(before / (1 - before)) - 1e-6,
                    "\(name) with \(spam.count) spam")
            }
        }
    }

    @Test("With both classes the probabilities are fitted: over-confident logits are softened")
    func temperature() throws {
        // A sixth of each class is on the wrong side, as far as the others are on the right one.
        let ham = (0..<60).map { $0 % 6 == 0 ? 6.0 : -6.0 }
        let (bundle, calibration) = try calibrate(ham, ham.map { -$0 })
        // sigmoid(6 / T) = 5 / 6
        #expect(abs(calibration.temperature - 6 / log(5)) < 0.01)
        let scale = try TinyModel.shared.get().configuration.calibration.scale
        #expect(
            abs(bundle.configuration.calibration.scale * calibration.temperature - scale) < 1e-9)
        #expect(try calibrate(ham, Array(ham.prefix(40))).calibration.temperature == 1)
    }

    @Test("A calibration can be calibrated again; a handful of messages is refused")
    func again() throws {
        let ham = (0..<100).map { -3 + Double($0) * 0.08 }
        let first = try calibrate(ham)
        let second = try SiteCalibration.run(
            first.bundle, ham: ham + [6], spam: [], date: SiteCalibrationTests.date)
        #expect(second.calibration.id != first.calibration.id)
        #expect(second.calibration.id.components(separatedBy: "-cal").count == 2)
        #expect {
            try calibrate([1, 2, 3])
        } throws: { ($0 as? RetrainingError)?.kind == .tooFewLabels }
    }
}
