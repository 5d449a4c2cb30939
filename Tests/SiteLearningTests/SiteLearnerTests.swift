import SiteLearning
import Testing

@Suite struct SiteLearnerTests {
    @Test("Without labels every score is the model's, bit for bit")
    func noLabels() throws {
        let layer = SiteLearner().layer
        let features = try SiteSamples.features("any words", from: "a@example.com")
        #expect(layer.score(features).sum == 0)
        for logit: Double in [-0.0, 0, 1.5, -.infinity, .leastNonzeroMagnitude] {
            #expect(layer.score(features).applied(to: logit).bitPattern == logit.bitPattern)
        }
    }

    @Test("A label moves the next message of its kind, and little else")
    func effect() throws {
        var learner = SiteLearner()
        try learner.learn(
            SiteSamples.label(
                1, .ham, "weekly digest of the shop", from: "a@shop.example", logit: 4))
        let layer = learner.layer
        let same = try SiteSamples.features("weekly digest of our shop", from: "a@shop.example")
        let other = try SiteSamples.features("entirely different content")
        #expect(layer.score(same).sum < -2)
        #expect(layer.score(same).senderSum < -1)
        #expect(abs(layer.score(other).sum) < abs(layer.score(same).sum) / 2)
        #expect(layer.score(same).labels == 1)
    }

    @Test("A step is AdaGrad's: rate times sign for each feature on the first label")
    func step() throws {
        var learner = SiteLearner()
        let label = try SiteSamples.label(1, .spam, "word", from: "a@example.com", logit: 0)
        try learner.learn(label)
        // Each of 5 text features, 2 senders and the bias has the weight 1 now.
        let sum = 5 / 5.0.squareRoot() + 2 * 2 / 6.0.squareRoot() + 0.5
        #expect(label.features.textCount == 5)
        #expect(abs(learner.layer.score(label.features).sum - sum) < 1e-4)
    }

    @Test("A label that the layer is sure of changes nothing")
    func sure() throws {
        var learner = SiteLearner()
        try learner.learn(SiteSamples.label(1, .spam, "word", logit: 40))
        #expect(try learner.layer.score(SiteSamples.features("word")).sum == 0)
        #expect(learner.count == 1)
    }

    @Test("Sums are clipped at the bounds of the options", arguments: [2.0, 6, 8])
    func clip(_ bound: Double) throws {
        var options = SiteLearningOptions()
        options.upperBound = bound
        var learner = SiteLearner(options: options)
        for number in 1...40 {
            try learner.learn(
                SiteSamples.label(
                    Int64(number), number % 2 == 0 ? .spam : .ham,
                    number % 2 == 0 ? "evil words" : "good words",
                    from: number % 2 == 0 ? "x@bad.example" : "x@good.example",
                    logit: number % 2 == 0 ? -30 : 30))
        }
        let spam = try learner.layer.score(
            SiteSamples.features("evil words", from: "x@bad.example"))
        let ham = try learner.layer.score(
            SiteSamples.features("good words", from: "x@good.example"))
        #expect(spam.sum == bound)
        #expect(spam.isClipped)
        #expect(ham.sum == -10)
    }

    @Test("The same labels in the same order give the same bits, whatever was learnt between")
    func replay() throws {
        let labels = try SiteSamples.labels(30)
        let anchors = try SiteSamples.anchors()
        var learner = SiteLearner(anchors: anchors)
        for label in labels { try learner.learn(label) }
        let again = try SiteLearner(replaying: labels, anchors: anchors)
        #expect(again.cache(revision: 0) == learner.cache(revision: 0))
        // A label is taken back: as if it had never been.
        let rest = labels.filter { $0.number != 7 }
        let undone = try SiteLearner(replaying: rest, anchors: anchors)
        #expect(undone.cache(revision: 0) != learner.cache(revision: 0))
        var never = SiteLearner(anchors: anchors)
        for label in rest { try never.learn(label) }
        #expect(undone.cache(revision: 0) == never.cache(revision: 0))
        #expect(
            try SiteLearner(replaying: [], anchors: anchors).cache(revision: 0)
                == SiteLearner(anchors: anchors).cache(revision: 0))
    }

    @Test("A layer in use does not change while its learner goes on")
    func snapshots() throws {
        var learner = SiteLearner()
        try learner.learn(SiteSamples.label(1, .spam, "some words"))
        let layer = learner.layer
        let features = try SiteSamples.features("some words")
        let before = layer.score(features)
        try learner.learn(SiteSamples.label(2, .ham, "some words"))
        #expect(layer.score(features) == before)
        #expect(learner.layer.score(features).sum < before.sum)
    }

    @Test("A label that comes late is refused and not learnt")
    func order() throws {
        var learner = SiteLearner()
        try learner.learn(SiteSamples.label(5, .spam, "words"))
        let state = learner.cache(revision: 0)
        #expect(throws: SiteLearningError.labelOrder(number: 5, last: 5)) {
            try learner.learn(SiteSamples.label(5, .spam, "words"))
        }
        #expect(learner.cache(revision: 0) == state)
    }

    @Test(
        "A weight or logit that is no number can't spoil the layer",
        arguments: [(Double.nan, Float(0)), (-1, 0), (.infinity, 0), (1, .nan), (1, -.infinity)])
    func hostile(_ weight: Double, _ logit: Float) throws {
        var learner = SiteLearner()
        try learner.learn(SiteSamples.label(1, .spam, "words", logit: logit, weight: weight))
        #expect(try learner.layer.score(SiteSamples.features("words")).sum.isFinite)
    }

    @Test("Options out of bounds are named")
    func options() {
        #expect(SiteLearningOptions().defect == nil)
        var options = SiteLearningOptions()
        options.upperBound = 9
        #expect(options.defect == "upper bound is 9.0; it is 2 to 8")
        options.upperBound = .nan
        #expect(options.defect != nil)
    }
}
