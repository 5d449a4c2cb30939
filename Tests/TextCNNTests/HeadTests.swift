import Foundation
import Testing

@testable import TextCNN

@Suite struct HeadTests {
    @Test(
        "Probabilities are in 0...1 at any logit, and those of softmax add up to 1",
        arguments: [[0, 0], [3, -2, 0.5], [1_000, -1_000], [-1_000, -1_001], [80]] as [[Float]])
    func probabilities(_ logits: [Float]) {
        for head in [Head.sigmoid, .softmax] {
            let probabilities = head.probabilities(logits)
            #expect(probabilities.count == logits.count)
            #expect(probabilities.allSatisfy { (0...1).contains($0) })
            // A larger logit never has a smaller probability.
            for (a, b) in zip(logits.indices, logits.indices.dropFirst())
            where logits[a] > logits[b] {
                #expect(probabilities[a] >= probabilities[b])
            }
        }
        #expect(abs(Head.softmax.probabilities(logits).reduce(0, +) - 1) < 1e-12)
    }

    @Test(
        "The sigmoid's loss is the negative log likelihood, and can't overflow",
        arguments: [
            (0, 1, 0.693147), (2, 1, 0.126928), (2, 0, 2.126928), (-3, 0, 0.048587),
            (200, 0, 200), (-200, 1, 200), (200, 1, 0),
        ] as [(Float, Float, Double)])
    func sigmoidLoss(logit: Float, target: Float, expected: Double) {
        #expect(abs(Head.sigmoid.loss([logit], targets: [target]).loss - expected) < 1e-5)
    }

    @Test("The loss of independent labels is the sum of theirs")
    func sum() {
        let both = Head.sigmoid.loss([1, -2], targets: [1, 1])
        let first = Head.sigmoid.loss([1], targets: [1])
        let second = Head.sigmoid.loss([-2], targets: [1])
        #expect(abs(both.loss - first.loss - second.loss) < 1e-9)
        #expect(both.slopes == first.slopes + second.slopes)
        #expect(Head.sigmoid.decisions(7) == 7 && Head.softmax.decisions(7) == 1)
    }

    @Test("The slopes are the derivatives of the loss", arguments: [Head.sigmoid, .softmax])
    func slopes(_ head: Head) {
        let logits: [Float] = [0.3, -1.2, 2]
        let targets: [Float] = [0, 1, 0]
        let slopes = head.loss(logits, targets: targets).slopes
        for index in logits.indices {
            var up = logits
            var down = logits
            up[index] += 1e-2
            down[index] -= 1e-2
            let rise =
                head.loss(up, targets: targets).loss - head.loss(down, targets: targets).loss
            #expect(abs(rise / 2e-2 - Double(slopes[index])) < 1e-3)
        }
    }

    @Test("The softmax's loss is minus the logarithm of the true label's probability")
    func softmaxLoss() {
        let logits: [Float] = [0.3, -1.2, 2]
        let loss = Head.softmax.loss(logits, targets: [0, 1, 0]).loss
        #expect(abs(loss + log(Head.softmax.probabilities(logits)[1])) < 1e-9)
        #expect(Head.softmax.loss([0, 1_000], targets: [1, 0]).loss.isFinite)
    }
}
