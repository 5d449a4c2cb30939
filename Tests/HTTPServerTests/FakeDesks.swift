import Feedback
import HTTPServer
import ModelRegistry
import Models
import Synchronization

/// Two versions in memory.
final class FakeShelf: ModelShelf {
    private let active = Mutex("one")

    func models() -> [RegisteredModel] {
        let active = active.withLock { $0 }
        return ["one", "two"].map { id in
            RegisteredModel(
                id: id,
                lineage: ModelLineage(
                    origin: .retrained, parent: "zero", added: 1_700_000_000, labels: 3,
                    guardFigures: .object(["accuracy": .number(0.99)])),
                isActive: id == active, isRollbackTarget: id != active, bytes: 10)
        }
    }

    func details(_ id: String) throws -> ModelDetails {
        throw RegistryError(.unknownVersion, registry: "/secret", version: id, reason: "no such")
    }

    func activate(_ id: String, reason: String) throws {
        guard id == "two" else {
            throw RegistryError(
                .damaged, registry: "/secret", version: id, reason: "its weights are cut")
        }
        active.withLock { $0 = id }
    }

    func rollback(reason: String) -> String {
        active.withLock { $0 = "one" }
        return "one"
    }
}

/// Starts one job and keeps the path of its table.
final class FakeRetraining: RetrainingDesk {
    let spoolFolder: String
    let table = Mutex<String?>(nil)
    private let isBusy: Bool

    init(folder: String, isBusy: Bool = false) {
        spoolFolder = folder
        self.isBusy = isBusy
    }

    func retrain(table: String?, by source: LabelSource) -> RetrainingStart {
        let job = RetrainingJob(
            id: 5, state: .running, reason: "asked for", started: 1_700_000_000, ended: nil,
            candidate: "", figures: "{\"step\":\"reading\"}", owner: .current)
        if isBusy { return .busy(job) }
        self.table.withLock { $0 = table }
        return .started(job)
    }
}

/// A store whose database does not answer when it is asked what it holds.
final class AbsentStore: ForwardingFeedbackStore {
    let base: any FeedbackStore

    init(base: any FeedbackStore) { self.base = base }

    func status() throws(FeedbackError) -> FeedbackStatus {
        throw FeedbackError(.unavailable, store: "postgresql://db", reason: "does not answer")
    }
}
