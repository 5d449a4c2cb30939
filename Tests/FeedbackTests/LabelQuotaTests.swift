import Feedback
import Testing

/// Quotas, agreement of sources, and near-duplicates.
@Suite struct LabelQuotaTests {
    private static let bob = "user:bob@example.org"

    private func store(_ kind: StoreKind, quota: Int = 2, waiting: Int = 100) throws
        -> any FeedbackStore
    {
        try kind.make {
            $0.dailyQuota = quota
            $0.waitingLimit = waiting
        }.store
    }

    @Test(
        "A source's labels of a class count at once up to the quota of a day; admins and traps go on",
        arguments: StoreKind.all,
        [
            ("user:alice@example.org", LabelReceipt.Outcome.overQuota),
            ("reply:alice@example.org", .overQuota), ("admin", .stored), ("trap:old", .stored),
        ])
    func quota(_ kind: StoreKind, _ who: (source: String, third: LabelReceipt.Outcome)) throws {
        let store = try store(kind)
        let day: Int64 = 86_400
        func give(_ message: Int, _ labelClass: LabelClass, _ time: Int64) throws
            -> LabelReceipt.Outcome
        {
            try store.outcome(Sample.label(message, labelClass, by: who.source, at: time))
        }
        #expect(try give(1, .spam, Sample.now) == .stored)
        #expect(try give(2, .spam, Sample.now + 10) == .stored)
        #expect(try give(3, .spam, Sample.now + 20) == who.third)
        #expect(try give(4, .ham, Sample.now + 20) == .stored, "another class")
        #expect(try give(5, .spam, Sample.now + day) == .stored, "the first is a day old")
        #expect(try give(6, .spam, Sample.now + day) == who.third, "the second is not")
    }

    @Test(
        "A held label counts when another person agrees, and waits again without them",
        arguments: StoreKind.all, ["message", "near-duplicate"])
    func agreement(_ kind: StoreKind, _ what: String) throws {
        let store = try store(kind, quota: 1)
        _ = try store.add(Sample.label(1, .spam))
        #expect(try store.outcome(Sample.label(2, .spam, near: 77)) == .overQuota)
        #expect(
            try store.outcome(Sample.label(2, .spam, by: "reply:alice@example.org", near: 77))
                == .stored, "a reply has a quota of its own")
        _ = try store.remove(.source(LabelSource(parsing: "reply:alice@example.org")))
        let before = try store.revision()
        let confirming = try Sample.label(
            what == "message" ? 2 : 3, .spam, by: LabelQuotaTests.bob, near: 77)
        let receipt = try store.add(confirming)
        #expect(receipt.released == 1)
        if what == "message" {
            #expect(try store.active() == ["1 spam", "2 spam"])
        } else {
            #expect(try store.active() == ["1 spam", "3 spam", "2 spam"], "released at the end")
            guard case .appended(let labels, _) = try store.changes(since: before, limit: 10) else {
                Issue.record("a release must not need a replay")
                return
            }
            #expect(labels.count == 2)
        }
        _ = try store.forget(confirming.digest, by: confirming.source)
        #expect(try store.active() == ["1 spam"])
        #expect(try store.status().states[.held] == 1)
    }

    @Test("A held label that is given again on another day counts then", arguments: StoreKind.all)
    func anotherDay(_ kind: StoreKind) throws {
        let store = try store(kind, quota: 1)
        let day: Int64 = 86_400
        _ = try store.add(Sample.label(1, .spam))
        #expect(try store.outcome(Sample.label(2, .spam)) == .overQuota)
        #expect(try store.outcome(Sample.label(2, .spam, at: Sample.now + 9)) == .alreadyKnown)
        #expect(try store.outcome(Sample.label(2, .spam, at: Sample.now + day)) == .stored)
        #expect(try store.active() == ["1 spam", "2 spam"])
        #expect(try store.outcome(Sample.label(3, .spam, at: Sample.now + day)) == .overQuota)
    }

    @Test("The same person by another way is no second source", arguments: StoreKind.all)
    func samePerson(_ kind: StoreKind) throws {
        let store = try store(kind, quota: 0)
        #expect(try store.outcome(Sample.label(1, .ham)) == .overQuota)
        #expect(
            try store.outcome(Sample.label(1, .ham, by: "reply:ALICE@example.org")) == .overQuota)
        #expect(try store.outcome(Sample.label(1, .spam, by: LabelQuotaTests.bob)) == .overQuota)
        #expect(try store.active() == [])
        #expect(try store.add(Sample.label(1, .ham, by: "user:carol@example.org")).released == 2)
        #expect(try store.active() == ["1 ham"])
    }

    @Test("A held label displaces nobody else's", arguments: StoreKind.all)
    func heldIsHarmless(_ kind: StoreKind) throws {
        let store = try store(kind, quota: 1)
        _ = try store.add(Sample.label(1, .ham, by: LabelQuotaTests.bob))
        _ = try store.add(Sample.label(2, .spam))
        #expect(try store.outcome(Sample.label(1, .spam)) == .overQuota)
        #expect(try store.active() == ["1 ham", "2 spam"])
    }

    @Test("An admin confirms held labels of a source", arguments: StoreKind.all)
    func confirm(_ kind: StoreKind) throws {
        let store = try store(kind, quota: 1)
        for message in 1...4 { _ = try store.add(Sample.label(message, .spam)) }
        #expect(try store.active() == ["1 spam"])
        let result = try store.confirm(.source(LabelSource(parsing: "user:alice@example.org")))
        #expect(result.count == 3 && result.active == 3 && result.newLabels == 4)
        #expect(try store.active() == ["1 spam", "2 spam", "3 spam", "4 spam"])
        #expect(try store.confirm(.all).count == 0)
    }

    @Test(
        "Near-identical messages of one source count once, until one is taken back",
        arguments: StoreKind.all)
    func nearDuplicates(_ kind: StoreKind) throws {
        let store = try store(kind)
        #expect(try store.outcome(Sample.label(1, .spam, near: .max)) == .stored)
        for message in 2...4 {
            #expect(try store.outcome(Sample.label(message, .spam, near: .max)) == .nearDuplicate)
        }
        #expect(try store.outcome(Sample.label(5, .spam)) == .stored, "duplicates use no quota")
        #expect(try store.outcome(Sample.label(6, .ham, near: .max)) == .stored, "another class")
        #expect(
            try store.outcome(Sample.label(7, .spam, by: LabelQuotaTests.bob, near: .max))
                == .stored, "another source")
        #expect(try store.active() == ["1 spam", "5 spam", "6 ham", "7 spam"])
        _ = try store.add(Sample.label(1, .ham))
        #expect(try store.active() == ["2 spam", "5 spam", "6 ham", "7 spam", "1 ham"])
        _ = try store.forget(Sample.digest(2), by: .admin)
        #expect(try store.active() == ["3 spam", "5 spam", "6 ham", "7 spam", "1 ham"])
    }

    @Test(
        "A near-duplicate corrects another label of its message without counting twice",
        arguments: StoreKind.all)
    func duplicateCorrects(_ kind: StoreKind) throws {
        let store = try store(kind)
        _ = try store.add(Sample.label(1, .spam, by: "admin", near: 9))
        _ = try store.add(Sample.label(2, .ham))
        #expect(try store.outcome(Sample.label(2, .spam, by: "admin", near: 9)) == .nearDuplicate)
        #expect(try store.active() == ["1 spam"])
        #expect(try store.outcome(Sample.label(2, .ham, by: LabelQuotaTests.bob)) == .outranked)
    }

    @Test("What waits is bounded for each source", arguments: StoreKind.all)
    func waitingLimit(_ kind: StoreKind) throws {
        let store = try store(kind, quota: 0, waiting: 3)
        for message in 1...3 {
            #expect(try store.outcome(Sample.label(message, .spam)) == .overQuota)
        }
        let receipt = try store.add(Sample.label(4, .spam))
        #expect(receipt.outcome == .tooManyWaiting && receipt.state == nil)
        #expect(!receipt.outcome.isStored)
        #expect(try store.status().states == [.held: 3])
        #expect(try store.outcome(Sample.label(4, .spam, by: LabelQuotaTests.bob)) == .overQuota)
    }

    @Test(
        "500 labels of one source at once change ten messages, and undo by source restores all",
        arguments: StoreKind.all)
    func poison(_ kind: StoreKind) throws {
        let store = try kind.make().store
        for message in 1...20 {
            _ = try store.add(Sample.label(message, .ham, by: "admin:\(message % 2)"))
        }
        for message in 21...40 {
            _ = try store.add(Sample.label(message, .ham, by: "user:\(message)@example.org"))
        }
        let before = try store.replayed()
        let receipts = try store.add(
            (1...500).map { try Sample.label($0, .spam, by: "user:mallory@example.org") })
        let counts = Dictionary(grouping: receipts, by: \.outcome).mapValues(\.count)
        #expect(counts[.outranked] == 10)
        #expect(counts[.overQuota] == 490)
        let mallory = try LabelSource(parsing: "user:mallory@example.org")
        #expect(try store.remove(.source(mallory)).count == 500)
        #expect(try store.replayed().map(\.label) == before.map(\.label))
        #expect(try store.replayed().map(\.sequence) == before.map(\.sequence))
    }
}
