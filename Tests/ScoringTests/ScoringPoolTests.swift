import Corpora
import Dispatch
import FilterTestKit
import Learning
import MailText
import Models
import Scoring
import Testing
import TextCNN

@Suite struct ScoringPoolTests {
    private func model() throws -> ScoringModel {
        try ScoringModel(TinyModel.shared.get())
    }

    private func options(workers: Int, batch: Int, queue: Int = 4_096) -> ScoringPool.Options {
        var options = ScoringPool.Options()
        options.workers = workers
        options.batchLimit = batch
        options.queueLimit = queue
        return options
    }

    @Test(
        "The same text gives the same bits whatever the batch and the number of workers",
        arguments: [(1, 1), (1, 64), (2, 8), (4, 3)])
    func sameBits(workers: Int, batch: Int) async throws {
        let model = try model()
        let pool = ScoringPool(options: options(workers: workers, batch: batch))
        let messages = (0..<300).map { number in
            model.ids(
                of: MailContent(plainText: TinyModel.text(Label.allCases[number % 2], number)))
        }
        let expected = messages.map { model.score($0).logits[0].bitPattern }
        let got = await withTaskGroup(of: (index: Int, bits: UInt32, batch: Int).self) { group in
            for (index, ids) in messages.enumerated() {
                group.addTask {
                    let result = await pool.score(ids, with: model, deadline: .distantFuture)
                    guard case .success(let score) = result else { return (index, 0, 0) }
                    return (index, score.logits[0].bitPattern, score.batch)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.index < $1.index }
        }
        #expect(got.map(\.bits) == expected)
        #expect(got.allSatisfy { $0.batch >= 1 && $0.batch <= batch })
    }

    @Test("Blocking callers get the same results")
    func blocking() throws {
        let model = try model()
        let pool = ScoringPool(options: options(workers: 2, batch: 8))
        let ids = model.ids(of: MailContent(plainText: TinyModel.text(.spam, 1)))
        let result = pool.scoreAndWait(ids, with: model, deadline: .distantFuture)
        #expect(try result.get().logits == model.score(ids).logits)
    }

    @Test("A passed deadline is an answer")
    func deadline() throws {
        let model = try model()
        let pool = ScoringPool(options: options(workers: 1, batch: 8))
        let result = pool.scoreAndWait([], with: model, deadline: .now() - 1)
        #expect(throws: ScoringError.timeout) { try result.get() }
    }

    @Test("A full queue refuses at once, and everything else is answered")
    func overload() async throws {
        let model = try model()
        let pool = ScoringPool(options: options(workers: 1, batch: 1, queue: 2))
        let long = [Int32](repeating: 5, count: 50_000)
        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    let result = await pool.score(long, with: model, deadline: .distantFuture)
                    if case .failure(.overloaded) = result { return false }
                    return true
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(results.count == 40)
        #expect(results.contains(true) && results.contains(false))
        #expect(pool.hasRoom)
    }

    @Test("Each message is scored by the model it came with")
    func replace() async throws {
        let old = try model()
        let folder = try TemporaryFolder()
        var options = TinyModel.options
        options.training.seed = 7
        let new = try ScoringModel(TinyModel.train(in: folder, options: options))
        let pool = ScoringPool(options: self.options(workers: 2, batch: 8))
        let ids: [Int32] = [3, 4, 5, 6]
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                let model = number % 3 == 0 ? new : old
                group.addTask {
                    let result = await pool.score(ids, with: model, deadline: .distantFuture)
                    #expect(throws: Never.self) {
                        try #expect(result.get().logits == model.score(ids).logits)
                    }
                }
            }
        }
        #expect(old.score(ids).logits != new.score(ids).logits)
        #expect(pool.batchesDone > 0)
    }

    @Test("After a stop every message is answered with it")
    func stop() async throws {
        let model = try model()
        let pool = ScoringPool(options: options(workers: 1, batch: 1))
        pool.stop()
        let result = await pool.score([], with: model, deadline: .distantFuture)
        #expect(throws: ScoringError.stopped) { try result.get() }
    }
}
