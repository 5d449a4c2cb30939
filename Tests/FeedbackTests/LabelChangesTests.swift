import Feedback
import Testing

/// Revisions, and what a reader of the active labels has to do.
@Suite struct LabelChangesTests {
    /// A reader that keeps its copy up to date by ``FeedbackStore/changes(since:limit:)``.
    private struct Reader {
        var labels: [NewLabel] = []
        var revision: Int64 = 0
        var replays = 0

        mutating func update(_ store: any FeedbackStore, limit: Int = 3) throws {
            while true {
                switch try store.changes(since: revision, limit: limit) {
                case .appended(let new, let revision):
                    labels += new.map(\.label)
                    self.revision = revision
                    if new.count < limit { return }
                case .rewritten:
                    var all: [NewLabel] = []
                    revision = try store.replay(withPayload: false) { all.append($0.label) }
                    labels = all
                    replays += 1
                    return
                }
            }
        }
    }

    @Test("Additions are read as such; anything else is replayed once", arguments: StoreKind.all)
    func changes(_ kind: StoreKind) throws {
        let store = try kind.make().store
        var reader = Reader()
        func check(_ replays: Int, _ comment: Comment) throws {
            try reader.update(store)
            #expect(reader.replays == replays, comment)
            var labels: [NewLabel] = []
            _ = try store.replay(withPayload: false) { labels.append($0.label) }
            #expect(reader.labels == labels, comment)
            #expect(try reader.revision == store.revision(), comment)
        }
        try check(0, "an empty store")
        for message in 1...8 { _ = try store.add(Sample.label(message, .spam)) }
        try check(0, "eight labels, in pages of three")
        _ = try store.add(Sample.label(1, .spam))
        _ = try store.add(Sample.label(2, .spam, by: "reply:bob"))
        try check(0, "known, and agreeing")
        _ = try store.add(Sample.label(3, .ham))
        try check(1, "relabelled")
        _ = try store.add(Sample.label(20, .ham))
        try check(1, "added after a rewrite")
        _ = try store.forget(Sample.digest(2), by: LabelSource(parsing: "reply:bob"))
        try check(1, "a label without effect was removed")
        _ = try store.forget(Sample.digest(5), by: .admin)
        try check(2, "removed")
        _ = try store.archive(upTo: store.revision(), job: start(store))
        try check(2, "archived")
        reader.revision += 100
        try reader.update(store)
        #expect(reader.replays == 3, "a revision from the future")
    }

    private func start(_ store: any FeedbackStore) throws -> Int64 {
        guard
            case .started(let job) = try store.startRetraining(
                reason: "test", owner: .current, time: Sample.now, lease: 60)
        else { return -1 }
        return job.id
    }

    @Test(
        "Revisions only grow, whatever happens, and another reader sees them",
        arguments: StoreKind.all)
    func revisions(_ kind: StoreKind) throws {
        let fixture = try kind.make { $0.dailyQuota = 1 }
        let other = try fixture.another()
        var last = try other.revision()
        func check(_ changed: Bool, _ change: (any FeedbackStore) throws -> Void) throws {
            try change(fixture.store)
            let revision = try other.revision()
            #expect(changed ? revision > last : revision == last)
            last = revision
        }
        try check(true) { _ = try $0.add(Sample.label(1, .spam)) }
        try check(false) { _ = try $0.add(Sample.label(1, .spam)) }
        try check(true) { _ = try $0.add(Sample.label(2, .spam)) }
        try check(true) { _ = try $0.confirm(.all) }
        try check(true) { _ = try $0.forget(Sample.digest(1), by: .admin) }
        try check(false) { _ = try $0.forget(Sample.digest(1), by: .admin) }
        try check(false) { _ = try $0.appendHistory([Sample.entry(1)]) }
    }

    /// A linear congruential generator, for changes that are the same in every run.
    private struct Random {
        var state: UInt64

        mutating func next(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % bound)
        }
    }

    @Test(
        "Many random changes: reader and replay agree, and each message counts once",
        arguments: StoreKind.all, [1, 2, 3])
    func random(_ kind: StoreKind, _ seed: UInt64) throws {
        let store = try kind.make { $0.dailyQuota = 4 }.store
        var reader = Reader()
        var random = Random(state: seed)
        let sources = ["user:a", "user:b", "user:c", "admin", "trap:t", "reply:a"]
        for _ in 0..<250 {
            let source = sources[random.next(6)]
            let message = random.next(12)
            if random.next(5) == 0 {
                _ = try store.forget(Sample.digest(message), by: LabelSource(parsing: source))
            } else {
                _ = try store.add(
                    Sample.label(
                        message, random.next(2) == 0 ? .spam : .ham, by: source,
                        at: Sample.now + Int64(random.next(200_000)), near: UInt64(message / 3)))
            }
            try reader.update(store)
        }
        let active = try store.replayed()
        #expect(reader.labels.map(\.digest) == active.map(\.label.digest))
        #expect(reader.labels.map(\.labelClass) == active.map(\.label.labelClass))
        #expect(Set(active.map(\.label.digest)).count == active.count)
        #expect(active.map(\.sequence) == active.map(\.sequence).sorted())
        _ = try store.remove(.all)
        #expect(try store.active() == [])
    }

    @Test(
        "What a source leaves after all others are removed is what it alone would have left",
        arguments: StoreKind.all, [4, 5, 6, 7])
    func exactUndo(_ kind: StoreKind, _ seed: UInt64) throws {
        let together = try kind.make { $0.dailyQuota = 1_000 }.store
        let alone = try kind.make { $0.dailyQuota = 1_000 }.store
        var random = Random(state: seed)
        let sources = ["user:a", "user:b", "admin", "trap:t"]
        for _ in 0..<200 {
            let source = sources[random.next(4)]
            let message = random.next(10)
            let stores = source == "user:a" ? [together, alone] : [together]
            let isForgotten = random.next(5) == 0 && source != "admin"
            let labelClass: LabelClass = random.next(2) == 0 ? .spam : .ham
            for store in stores {
                if isForgotten {
                    let source = try LabelSource(parsing: source)
                    _ = try store.forget(Sample.digest(message), by: source)
                } else {
                    _ = try store.add(
                        Sample.label(message, labelClass, by: source, near: UInt64(message / 3)))
                }
            }
        }
        #expect(try together.active() != alone.active())
        for source in sources.dropFirst() {
            _ = try together.remove(.source(LabelSource(parsing: source)))
        }
        #expect(try together.active() == alone.active())
        #expect(try together.status().states == alone.status().states)
    }
}
