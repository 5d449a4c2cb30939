import Feedback
import Testing

/// Which label of a message is in force, and what undoing leaves.
@Suite struct LabelPrecedenceTests {
    private static let alice = "user:alice@example.org"
    private static let bob = "user:bob@example.org"
    private static let trap = "trap:old@example.org"

    /// Statements about one message, with the outcome of each and the class in force at the end.
    struct Story: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var steps: [(source: String, labelClass: LabelClass, outcome: LabelReceipt.Outcome)]
        var inForce: LabelClass
    }

    private static let stories = [
        Story(
            testDescription: "the same label again is known",
            steps: [(alice, .spam, .stored), (alice, .spam, .alreadyKnown)], inForce: .spam),
        Story(
            testDescription: "a person changes their mind",
            steps: [(alice, .spam, .stored), (alice, .ham, .relabelled)], inForce: .ham),
        Story(
            testDescription: "a second person agrees: counts once",
            steps: [(alice, .spam, .stored), (bob, .spam, .agrees), (bob, .spam, .alreadyKnown)],
            inForce: .spam),
        Story(
            testDescription: "the last person wins",
            steps: [
                (alice, .spam, .stored), (bob, .ham, .relabelled), (alice, .spam, .relabelled),
            ], inForce: .spam),
        Story(
            testDescription: "an admin wins over later users",
            steps: [
                (alice, .spam, .stored), ("admin", .ham, .relabelled), (bob, .spam, .outranked),
                (alice, .spam, .alreadyKnown),
            ], inForce: .ham),
        Story(
            testDescription: "traps and replies never override a person",
            steps: [
                (alice, .ham, .stored), (trap, .spam, .outranked), ("reply:bob", .ham, .agrees),
            ], inForce: .ham),
        Story(
            testDescription: "a person overrides a trap",
            steps: [(trap, .spam, .stored), (alice, .ham, .relabelled)], inForce: .ham),
    ]

    @Test(
        "The label in force follows authority, then time",
        arguments: StoreKind.all, LabelPrecedenceTests.stories)
    func order(_ kind: StoreKind, _ story: Story) throws {
        let store = try kind.make().store
        for step in story.steps {
            let outcome = try store.outcome(Sample.label(1, step.labelClass, by: step.source))
            #expect(outcome == step.outcome, "\(step.source) \(step.labelClass)")
        }
        #expect(try store.active() == ["1 \(story.inForce)"])
        #expect(try store.status().classes == [story.inForce: 1])
        #expect(try store.newLabels() == 1)
    }

    @Test(
        "A relabelled message moves to the end, keeps its first logit, and names what it replaced",
        arguments: StoreKind.all)
    func relabel(_ kind: StoreKind) throws {
        let store = try kind.make().store
        for message in 1...3 {
            _ = try store.add(Sample.label(message, .spam, logit: Double(message)))
        }
        let receipt = try store.add(Sample.label(1, .ham, by: LabelPrecedenceTests.bob, logit: 9))
        #expect(receipt.replaced == .spam && receipt.isActive)
        #expect(receipt.replacedSource?.description == LabelPrecedenceTests.alice)
        #expect(try store.active() == ["2 spam", "3 spam", "1 ham"])
        #expect(try store.replayed().map(\.label.score.modelLogit) == [2, 3, 1])
    }

    @Test(
        "Undo leaves what would be there without the source: same labels, order and bits",
        arguments: StoreKind.all,
        [
            LabelSelection.person("Bob@example.org"), .time(Sample.now + 1...Sample.now + 1),
        ])
    func undo(_ kind: StoreKind, _ selection: LabelSelection) throws {
        let store = try kind.make().store
        let other = try kind.make().store
        for message in 1...4 {
            let label = try Sample.label(message, message == 2 ? .ham : .spam)
            _ = try store.add(label)
            _ = try other.add(label)
            for victim in [message - 1, message] where victim > 0 {
                let flipped: LabelClass = victim == 2 ? .spam : .ham
                _ = try store.add(
                    Sample.label(
                        victim, flipped, by: LabelPrecedenceTests.bob, at: Sample.now + 1))
            }
        }
        #expect(try store.active() != other.active())
        let removal = try store.remove(selection)
        #expect(removal.count == 4 && removal.active == 4 && removal.newLabels == 4)
        #expect(try store.active() == other.active())
        #expect(try store.replayed().map(\.label) == other.replayed().map(\.label))
    }

    @Test(
        "Saying again what one has said brings the label back as it was", arguments: StoreKind.all)
    func restated(_ kind: StoreKind) throws {
        let store = try kind.make().store
        for message in 1...2 { _ = try store.add(Sample.label(message, .spam)) }
        let before = try store.replayed()
        _ = try store.add(Sample.label(1, .ham, by: LabelPrecedenceTests.bob))
        let receipt = try store.add(Sample.label(1, .spam, at: Sample.now + 5, logit: 7))
        #expect(receipt.outcome == .relabelled && receipt.replaced == .ham)
        #expect(try store.replayed() == before)
        _ = try store.remove(.person("bob@example.org"))
        #expect(try store.replayed() == before)
    }

    @Test(
        "Forgetting takes back one's own word; an admin's takes back all", arguments: StoreKind.all)
    func forget(_ kind: StoreKind) throws {
        let store = try kind.make().store
        let digest = try Sample.digest(1)
        let bob = try LabelSource(parsing: LabelPrecedenceTests.bob)
        _ = try store.add(Sample.label(1, .spam))
        #expect(try store.forget(digest, by: bob).count == 0)
        _ = try store.add(Sample.label(1, .ham, by: LabelPrecedenceTests.bob))
        #expect(try store.forget(digest, by: bob).count == 1)
        #expect(try store.active() == ["1 spam"])
        #expect(try store.forget(digest, by: .admin).count == 1)
        #expect(try store.active() == [])
        #expect(try store.outcome(Sample.label(1, .ham)) == .stored)
    }

    @Test(
        "Labels are removed by source, mailbox, age and altogether",
        arguments: StoreKind.all,
        [
            (LabelSelection.source(.admin), ["1 spam", "2 ham", "3 spam"]),
            (.mailbox("bob@example.org"), ["1 spam", "2 ham", "4 ham"]),
            (.before(Sample.now), ["2 ham", "3 spam", "4 ham"]),
            (.all, []),
        ] as [(LabelSelection, [String])])
    func erase(_ kind: StoreKind, _ what: (LabelSelection, [String])) throws {
        let store = try kind.make().store
        _ = try store.add(Sample.label(1, .spam, at: Sample.now - 1))
        _ = try store.add(Sample.label(2, .ham))
        var mailbox = try Sample.label(3, .spam)
        mailbox.mailbox = "bob@example.org"
        _ = try store.add(mailbox)
        _ = try store.add(Sample.label(4, .ham, by: "admin"))
        let removal = try store.remove(what.0)
        #expect(removal.count == 4 - what.1.count)
        #expect(try store.active() == what.1)
    }
}
