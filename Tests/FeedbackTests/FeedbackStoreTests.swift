import Feedback
import Testing

/// Contents, archive, retrainings, history and status, of any kind of store.
@Suite struct FeedbackStoreTests {
    @Test(
        "A label reads back as it was given, from another connection too", arguments: StoreKind.all)
    func roundTrip(_ kind: StoreKind) throws {
        let fixture = try kind.make()
        var label = try Sample.label(1, #require(LabelClass(rawValue: "bill")), near: .max)
        label.mailbox = "alice@example.org"
        label.weight = 0.3
        label.score.modelLogit = -0.1
        _ = try fixture.store.add(label)
        let stored = try fixture.another().labels(.all, state: .active, after: 0, limit: 10)
        #expect(stored.map(\.label) == [label])
        label.payload = nil
        label.features.bytes = []
        label.nearDuplicateKey = nil
        label.labelClass = .ham
        _ = try fixture.store.add(label)
        #expect(try fixture.another().replayed().map(\.label) == [label])
        var bare: [NewLabel] = []
        _ = try fixture.store.replay(withPayload: false) { bare.append($0.label) }
        #expect(bare.allSatisfy { $0.payload == nil })
    }

    @Test(
        "Values that can't be are refused, and nothing of their batch is stored",
        arguments: StoreKind.all)
    func invalid(_ kind: StoreKind) throws {
        let store = try kind.make().store
        let changes: [(inout NewLabel) -> Void] = [
            { $0.weight = 0 }, { $0.weight = .nan }, { $0.weight = 1_000 }, { $0.time = -1 },
            { $0.time = .max },
            { $0.score.probability = 1.5 }, { $0.score.probability = .nan },
            { $0.score.modelLogit = .infinity }, { $0.score.verdict = "a\u{1B}[2J" },
            { $0.senderDomain = String(repeating: "a", count: 1_000) }, { $0.mailbox = "a\n" },
            { $0.features.bytes = [UInt8](repeating: 0, count: 1 << 20 + 1) },
        ]
        for change in changes {
            var label = try Sample.label(2, .spam)
            change(&label)
            #expect {
                try store.add([Sample.label(1, .spam), label])
            } throws: { ($0 as? FeedbackError)?.kind == .invalid }
        }
        #expect(try store.status().states == [:])
        #expect(LabelClass(rawValue: "") == nil)
        #expect(LabelClass(rawValue: "a\n") == nil)
    }

    @Test("Many threads share a store, through one connection or several", arguments: StoreKind.all)
    func threads(_ kind: StoreKind) async throws {
        let fixture = try kind.make()
        let stores = [fixture.store, fixture.store, try fixture.another()]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, store) in stores.enumerated() {
                group.addTask {
                    for message in 0..<20 {
                        let label = try Sample.label(
                            message + 15 * index, .spam, by: "admin:\(index)")
                        let receipt = try store.add(label)
                        #expect(try store.revision() >= receipt.revision)
                    }
                }
            }
            try await group.waitForAll()
        }
        let active = try fixture.store.replayed()
        #expect(active.count == 50 && Set(active.map(\.sequence)).count == 50)
        #expect(try fixture.store.status().states == [.active: 50, .superseded: 10])
    }

    @Test("New features replace the old ones, and readers replay", arguments: StoreKind.all)
    func replaceFeatures(_ kind: StoreKind) throws {
        let store = try kind.make().store
        for message in 1...3 { _ = try store.add(Sample.label(message, .spam)) }
        let before = try store.replayed()
        let new = LabelFeatures(version: 2, bytes: [9])
        let revision = try store.revision()
        #expect(try store.replaceFeatures([before[1].id: new, 99: new]) == 1)
        #expect(try store.replayed().map(\.label.features.version) == [1, 2, 1])
        #expect(try store.changes(since: revision, limit: 9) == .rewritten)
        #expect(try store.replaceFeatures([:]) == 0)
    }

    @Test("Archived labels stay active, can be undone, and count no more", arguments: StoreKind.all)
    func archive(_ kind: StoreKind) throws {
        let store = try kind.make().store
        for message in 1...4 { _ = try store.add(Sample.label(message, .spam)) }
        let seen = try store.replay(withPayload: true) { _ in }
        _ = try store.add(Sample.label(5, .spam))
        _ = try store.add(Sample.label(4, .ham))
        guard
            case .started(let job) = try store.startRetraining(
                reason: "500 labels", owner: .current, time: Sample.now, lease: 60)
        else {
            Issue.record("nothing runs")
            return
        }
        #expect(try store.archive(upTo: seen, job: job.id) == 3)
        #expect(try store.newLabels() == 2)
        #expect(try store.active().count == 5)
        #expect(try store.status().archived == 3)
        #expect(try store.add(Sample.label(1, .ham)).newLabels == 3, "relabelled is new again")
        #expect(try store.forget(Sample.digest(2), by: .admin).newLabels == 3)
        #expect(try store.active() == ["3 spam", "5 spam", "4 ham", "1 ham"])
        #expect(throws: FeedbackError.self) { try store.archive(upTo: seen, job: 99) }
    }

    @Test(
        "One retraining at a time; a dead process or an ended lease loses it",
        arguments: StoreKind.all)
    func lease(_ kind: StoreKind) throws {
        let store = try kind.make().store
        let elsewhere = LeaseOwner(domain: "another host", processID: 1, startTicks: 1)
        var dead = LeaseOwner.current
        dead.startTicks += 1
        func start(_ owner: LeaseOwner, _ time: Int64) throws -> RetrainingStart {
            try store.startRetraining(reason: "test", owner: owner, time: time, lease: 60)
        }
        func id(_ start: RetrainingStart) -> Int64? {
            guard case .started(let job) = start else { return nil }
            return job.id
        }
        let first = try #require(id(start(elsewhere, 1_000)))
        #expect(try id(start(.current, 1_060)) == nil)
        try store.renewRetraining(first, owner: elsewhere, progress: "{\"epoch\":1}", until: 1_100)
        #expect(try id(start(.current, 1_100)) == nil)
        #expect(try store.retrainings(limit: 1).first?.figures == "{\"epoch\":1}")
        let second = try #require(id(start(dead, 1_101)))
        #expect {
            try store.finishRetraining(
                first, RetrainingEnd(state: .promoted, candidate: "", figures: "", time: 1))
        } throws: { ($0 as? FeedbackError)?.kind == .leaseLost }
        #expect {
            try store.renewRetraining(first, owner: elsewhere, progress: "", until: 9_999)
        } throws: { ($0 as? FeedbackError)?.kind == .leaseLost }
        let third = try #require(id(start(.current, 1_102)), "the second one's process is dead")
        #expect(try id(start(.current, 1_103)) == nil)
        let end = RetrainingEnd(state: .promoted, candidate: "m2", figures: "{}", time: 1_200)
        try store.finishRetraining(third, end)
        #expect(throws: FeedbackError.self) { try store.finishRetraining(third, end) }
        let jobs = try store.retrainings(limit: 10)
        #expect(jobs.map(\.id) == [third, second, first])
        #expect(jobs.map(\.state) == [.promoted, .abandoned, .abandoned])
        #expect(jobs.map(\.ended) == [1_200, 1_102, 1_101])
        #expect(try store.status().lastRetraining?.candidate == "m2")
        #expect(try id(start(.current, 1_201)) != nil)
    }

    @Test("The history is paged, filtered and bounded", arguments: StoreKind.all)
    func history(_ kind: StoreKind) throws {
        let store = try kind.make { $0.historyLimit = 20 }.store
        for batch in 0..<3 {
            let ids = try store.appendHistory(
                (0..<10).map {
                    let message = batch * 10 + $0
                    return try Sample.entry(
                        message, verdict: message % 2 == 0 ? "spam" : "ham",
                        domain: message < 25 ? "a.example" : "b.example")
                })
            #expect(ids.count == 10)
        }
        func messages(_ query: HistoryQuery) throws -> [String] {
            try store.history(query).map(\.queueID)
        }
        #expect(try messages(HistoryQuery(limit: 3)) == ["Q29", "Q28", "Q27"])
        #expect(try messages(HistoryQuery(digest: Sample.digest(27))) == ["Q27"])
        #expect(try messages(HistoryQuery(digest: Sample.digest(99))).isEmpty)
        let third = try store.history(HistoryQuery(limit: 3)).last?.id
        #expect(try messages(HistoryQuery(before: third, limit: 2)) == ["Q26", "Q25"])
        #expect(try messages(HistoryQuery(limit: 100)).count == 20)
        #expect(try messages(HistoryQuery(limit: 2, verdict: "ham")) == ["Q29", "Q27"])
        #expect(try messages(HistoryQuery(limit: 1, senderDomain: "a.example")) == ["Q24"])
        #expect(
            try messages(HistoryQuery(limit: 9, verdict: "spam", senderDomain: "b.example"))
                == ["Q28", "Q26"])
        #expect(try store.purgeHistory(before: Sample.now + 28) == 18)
        #expect(try messages(HistoryQuery()) == ["Q29", "Q28"])
        var entry = try Sample.entry(29, verdict: "ham", domain: "b.example")
        entry.id = try store.history(HistoryQuery(limit: 1)).first?.id
        #expect(try store.history(HistoryQuery(limit: 1)) == [entry])
    }

    @Test(
        "A message of the history is labelled with all that is known of it",
        arguments: StoreKind.all)
    func historyLabel(_ kind: StoreKind) throws {
        let store = try kind.make().store
        let ids = try store.appendHistory([Sample.entry(7)])
        let id = try #require(ids.first)
        let label = HistoryLabel(
            id: id, labelClass: .spam, source: .admin, way: .http, time: Sample.now)
        #expect(try store.add(label).outcome == .stored)
        #expect(try store.add(label).outcome == .alreadyKnown)
        let stored = try #require(try store.replayed().first?.label)
        let entry = try Sample.entry(7)
        #expect(stored.digest == entry.digest && stored.score == entry.score)
        #expect(stored.features == entry.features && stored.senderDomain == entry.senderDomain)
        #expect(stored.nearDuplicateKey == .max && stored.way == .http)
        var gone = label
        gone.id += 1
        #expect(try store.add(gone).outcome == .notInHistory)
    }

    @Test("The status counts classes, sources and states", arguments: StoreKind.all)
    func status(_ kind: StoreKind) throws {
        let store = try kind.make { $0.dailyQuota = 2 }.store
        let empty = try store.status()
        #expect(empty.revision == 0 && empty.oldest == nil && empty.lastRetraining == nil)
        for message in 1...3 {
            _ = try store.add(Sample.label(message, .spam, at: Sample.now + Int64(message)))
        }
        _ = try store.add(Sample.label(1, .ham, by: "admin"))
        let status = try store.status()
        #expect(status.classes == [.spam: 1, .ham: 1])
        #expect(status.states == [.active: 2, .held: 1, .superseded: 1])
        #expect(status.oldest == Sample.now && status.newest == Sample.now + 2)
        #expect(status.sourceCount == 2)
        let alice = try #require(status.sources.first)
        #expect(alice.total == 3 && alice.held == 1 && alice.active == [.spam: 1])
        #expect(try status.bytes > 0 && status.revision == store.revision())
        try store.check()
    }
}
