import FilterPolicy
import Foundation
import MailText
import Models

/// What a model finds of the messages of a ``PaddingTest``, as tables.
struct PaddingTable {
    let model: ScoringModel
    let tag: Double

    /// The share of bare ham that the second threshold lets be called spam.
    private static let wantedFalsePositives = 0.005
    private static let leastKept = 0.85
    private static let mostFalsePositives = 0.01
    private static let judged = ["ham after 300 %", "ham before 300 %", "ham around 300 %"]

    /// Scores all variants and prints their figures.
    ///
    /// Both at the model's own threshold and at one that gives 0.5 % on bare ham: the first alone
    /// flatters a model that calls bare mail spam.
    ///
    /// - Returns: What falls short of the least that a model must give, at its own threshold.
    func show(_ test: PaddingTest) -> [String] {
        let ham = test.hamVariants.map { (name: $0.name, scores: $0.messages.map(score)) }
        let spam = test.spamVariants.map { (name: $0.name, scores: $0.messages.map(score)) }
        let sorted = ham[0].scores.sorted(by: >)
        let allowed = Int(Double(sorted.count) * PaddingTable.wantedFalsePositives)
        let strict = max(sorted[allowed].nextUp, .leastNonzeroMagnitude)
        print(
            "\n\(spam[0].scores.count) spam and \(sorted.count) ham as bare messages; "
                + "0.5 % of the ham at \(String(format: "%.4f", strict))\n")
        print("| spam | of all | of those found bare | of all, 0.5 % | of those, 0.5 % |")
        print("|---|---|---|---|---|")
        var shortfalls: [String] = []
        for (name, scores) in spam {
            let cells = [tag, strict].flatMap { threshold in
                let found = scores.map { $0 >= threshold }
                let base = spam[0].scores.map { $0 >= threshold }
                let both = zip(found, base).count { $0 && $1 }
                if threshold == tag, PaddingTable.judged.contains(name),
                    Double(both) < PaddingTable.leastKept * Double(base.count { $0 })
                {
                    shortfalls.append("\(name) keeps less than \(PaddingTable.leastKept)")
                }
                return [
                    share(found.count { $0 }, found.count), share(both, base.count { $0 }),
                ]
            }
            print("| \(name) | \(cells.joined(separator: " | ")) |")
        }
        print("\n| ham | false positives | at 0.5 % |\n|---|---|---|")
        for (name, scores) in ham {
            let cells = [tag, strict].map { threshold in
                let count = scores.count { $0 >= threshold }
                return String(format: "%.1f %%", 100 * Double(count) / Double(scores.count))
            }
            print("| \(name) | \(cells.joined(separator: " | ")) |")
        }
        let bare = Double(ham[0].scores.count { $0 >= tag }) / Double(sorted.count)
        if bare > PaddingTable.mostFalsePositives {
            shortfalls.append("more than 1 % of the bare ham is called spam")
        }
        return shortfalls
    }

    /// The probability of spam, lower by what siftd asks for because of a message's language.
    private func score(_ message: [UInt8]) -> Double {
        let content = MailContent(message: message)
        let tokens = model.tokens(of: content)
        let probability = model.score(tokens.ids).probability
        guard probability >= tag else { return probability }
        return Judgement.lowered(probability, by: model.languageMargin(content, tokens))
    }

    private func share(_ count: Int, _ all: Int) -> String {
        String(format: "%.3f", Double(count) / Double(max(all, 1)))
    }
}
