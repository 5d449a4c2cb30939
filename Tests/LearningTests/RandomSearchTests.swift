import FilterTestKit
import Models
import Testing

@testable import Learning

@Suite struct RandomSearchTests {
    private func trial(_ options: TrainingJob.Options, score: Double) throws -> RandomSearch.Trial {
        RandomSearch.Trial(
            options: options, score: score, bundle: try TinyModel.shared.get(), seconds: 2)
    }

    @Test("The given options come first; a seed always gives the same ones")
    func candidates() {
        let search = RandomSearch(around: TinyModel.options, count: 4)
        #expect(search.candidates.count == 4)
        #expect(search.candidates[0].training == TinyModel.options.training)
        #expect(Set(search.candidates.map(\.training.learningRate)).count == 4)
        let again = RandomSearch(around: TinyModel.options, count: 4).candidates
        #expect(again.map(\.training) == search.candidates.map(\.training))
        var other = TinyModel.options
        other.training.seed = 77
        let others = RandomSearch(around: other, count: 4).candidates
        #expect(others[1].training.learningRate != again[1].training.learningRate)
        #expect(RandomSearch(around: other, count: 0).candidates.count == 1)
    }

    @Test(
        "All candidates are sound; topics are searched without attacks and linear term",
        arguments: Labelling.allCases)
    func ranges(labelling: Labelling) {
        let center = TrainingJob.Options(labelling)
        for options in RandomSearch(around: center, count: 100).candidates {
            let training = options.training
            #expect((0.3...2.8).contains(training.learningRate / center.training.learningRate))
            #expect((0..<1).contains(training.featureDropout))
            #expect(options.labelling == labelling && training.head == labelling.head)
            #expect((0..<1).contains(options.linear.share))
            if labelling != .spam {
                #expect(options.linear.share == 0 && training.pasteIntoSpam == 0)
            }
        }
    }

    @Test(
        "The first of the best trials is returned; failed ones don't end the search",
        arguments: [
            ([0.3, 0.9, 0.9, 0.1], 1), ([nil, 0.2, nil, 0.1], 1), ([0, nil, nil, nil], 0),
            ([.nan, nil, 0.1, 0.5], 3),
        ] as [([Double?], Int)])
    func best(scores: [Double?], expected: Int) throws {
        let search = RandomSearch(around: TinyModel.options, count: 4)
        var index = 0
        var finished: [Int] = []
        let best = try search.run { options in
            defer { index += 1 }
            guard let score = scores[index] else {
                throw TrainingError(.diverged, "run \(index)", reason: "diverged")
            }
            return try trial(options, score: score)
        } finished: { number, trial in
            finished.append(number)
            #expect((trial == nil) == (scores[number] == nil))
        }
        #expect(best.options.training == search.candidates[expected].training)
        #expect(finished == [0, 1, 2, 3])
    }

    @Test(
        "When every trial fails the last error is thrown, and one of its own when none has a score")
    func failures() {
        let search = RandomSearch(around: TinyModel.options, count: 2)
        var runs = 0
        #expect {
            try search.run { _ in
                runs += 1
                throw TrainingError(.diverged, "run \(runs)", reason: "diverged")
            } finished: { _, _ in
            }
        } throws: { "\($0)" == "run 2: diverged" }
        #expect {
            try search.run {
                try trial($0, score: .nan)
            } finished: { _, _ in
            }
        } throws: { ($0 as? TrainingError)?.kind == .noTrial }
    }

    @Test("A trial's line names score and options, those of spam for spam alone")
    func line() throws {
        let line = try trial(TinyModel.options, score: 0.5).line
        #expect(
            line.hasPrefix(
                "dev 0.5000  2 s  filters 8, embedding 8, widths 2,3, hidden 4, batch 16"))
        #expect(line.contains("linear 0.4"))
        #expect(try !trial(TrainingJob.Options(.several), score: 0.5).line.contains("paste"))
    }
}
