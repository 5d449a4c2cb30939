import Foundation
import SiteLearning
import TextCNN

/// Which labels the site's people give, and when.
enum Feedback: String, CaseIterable {
    case none = "no label"
    case all = "every label at once"
    case delayed = "every label, 100 later"
    case mistakes = "mistakes at once"
    case halfMistakes = "half of mistakes, 30 later"
    case tenth = "a tenth of all"

    /// The mean delay in messages; 0 for at once.
    var delay: Double {
        switch self {
        case .delayed: 100
        case .halfMistakes: 30
        default: 0
        }
    }

    /// Whether the label of a message is told.
    func tells(isWrong: Bool, chance: Double) -> Bool {
        switch self {
        case .none: false
        case .all, .delayed: true
        case .mistakes: isWrong
        case .halfMistakes: isWrong && chance < 0.5
        case .tenth: chance < 0.1
        }
    }
}

/// One run over a stream: each message is scored, then perhaps told (Cormack and Lynam 2005).
struct Prequential {
    struct Share {
        var hits = 0
        var count = 0
        mutating func add(_ isHit: Bool) {
            count += 1
            if isHit { hits += 1 }
        }
        static func + (one: Share, other: Share) -> Share {
            Share(hits: one.hits + other.hits, count: one.count + other.count)
        }
        var percent: String {
            count == 0 ? "-" : String(format: "%.1f", 100 * Double(hits) / Double(count))
        }
        var text: String { "\(hits)/\(count)" }
    }

    static let tagLogit = log(9.0)
    static let blocks = [0..<50, 50..<100, 100..<200, 200..<500, 500..<Int.max]

    var scores: [(score: Double, isSpam: Bool)] = []
    var labels = 0
    /// Ham of a sender that was corrected, wrong again.
    var wrongAgain = Share()
    /// Spam of a campaign that was marked, missed.
    var missedRepeats = Share()
    var scoreTime = 0.0
    var labelTime = 0.0

    init(
        _ messages: [BenchMessage], campaigns: [Int], _ feedback: Feedback,
        options: SiteLearningOptions, anchors: AnchorReservoir, seed: UInt64
    ) throws {
        var learner = SiteLearner(options: options, anchors: anchors)
        var layer = learner.layer
        var random = RandomSource(seed: seed)
        var waiting: [(due: Double, index: Int, wasWrong: Bool)] = []
        var corrected: Set<String> = []
        var marked: Set<Int> = []
        for (index, message) in messages.enumerated() {
            let due = waiting.filter { $0.due <= Double(index) }.sorted { $0.due < $1.due }
            waiting.removeAll { $0.due <= Double(index) }
            for label in due {
                let told = messages[label.index]
                let start = ContinuousClock.now
                labels += 1
                try learner.learn(
                    SiteLabel(
                        number: Int64(labels), label: told.isSpam ? .spam : .ham,
                        logit: Float(told.logit), features: told.features))
                layer = learner.layer
                labelTime += (ContinuousClock.now - start) / .seconds(1)
                if told.isSpam { marked.insert(campaigns[label.index]) }
                if !told.isSpam, label.wasWrong { corrected.insert(told.senderKey) }
            }
            let start = ContinuousClock.now
            let sum = layer.score(message.features).sum
            scoreTime += (ContinuousClock.now - start) / .seconds(1)
            let score = message.logit + sum
            scores.append((score, message.isSpam))
            let isTagged = score >= Prequential.tagLogit
            let isWrong = isTagged != message.isSpam
            if message.isSpam, marked.contains(campaigns[index]) { missedRepeats.add(isWrong) }
            if !message.isSpam, !message.senderKey.isEmpty, corrected.contains(message.senderKey) {
                wrongAgain.add(isWrong)
            }
            let chance = Double(random.nextUniform())
            let delay = -log(1 - Double(random.nextUniform())) * feedback.delay
            if feedback.tells(isWrong: isWrong, chance: chance) {
                waiting.append((Double(index) + 1 + delay.rounded(.down), index, isWrong))
            }
        }
    }

    /// False positives and recall at the tag threshold.
    func rates(_ range: Range<Int>) -> (falsePositives: Share, recall: Share) {
        var result = (Share(), Share())
        for (score, isSpam) in scores[range.clamped(to: 0..<scores.count)] {
            if isSpam {
                result.1.add(score >= Prequential.tagLogit)
            } else {
                result.0.add(score >= Prequential.tagLogit)
            }
        }
        return result
    }
}

/// 100 times (1 − the area under the ROC curve), ties counting half.
func oneMinusROCA(_ scores: [(score: Double, isSpam: Bool)]) -> Double {
    let sorted = scores.sorted { $0.score < $1.score }
    var below = 0.0
    var area = 0.0
    var index = 0
    while index < sorted.count {
        var end = index
        while end < sorted.count, sorted[end].score == sorted[index].score { end += 1 }
        let ham = Double(sorted[index..<end].count { !$0.isSpam })
        let spam = Double(end - index) - ham
        area += spam * (below + ham / 2)
        below += ham
        index = end
    }
    let spam = Double(sorted.count) - below
    return 100 * (1 - area / (below * spam))
}
