import Corpora
import Feedback
import Foundation
import MailText
import NIOHTTP1
import Scoring
import Settings
import SiftdDaemon
import SiteMemory

/// Where `siftd learn` brings its labels: the daemon, or the store itself.
protocol LearningDesk {
    /// Learns a message; the query has label, source, way and mailbox.
    func learn(_ message: CorpusMessage, _ query: String) async throws -> Lesson
    func status() async throws -> LearningStatus
    /// Takes labels back or lets them count.
    func change(
        _ selection: (name: String, value: String), confirms: Bool
    ) async throws -> LabelChange
}

/// What taking back or confirming has done.
struct LabelChange: Codable {
    var labels: Int
    var active: Int
    var newLabels: Int

    enum CodingKeys: String, CodingKey {
        case labels, active
        case newLabels = "new_labels"
    }
}

extension ControlClient: LearningDesk {
    func learn(_ message: CorpusMessage, _ query: String) async throws -> Lesson {
        let body: [UInt8] =
            switch message.content {
            case .message(let bytes): bytes
            case .text(let text): Array(text.utf8)
            }
        return try await call(.POST, "/v1/feedback?\(query)", body: body)
    }

    func status() async throws -> LearningStatus { try await call(.GET, "/v1/feedback") }

    func change(
        _ selection: (name: String, value: String), confirms: Bool
    ) async throws -> LabelChange {
        var query = URLComponents()
        query.queryItems = [.init(name: selection.name, value: selection.value)]
        let text = query.percentEncodedQuery ?? ""
        return confirms
            ? try await call(.POST, "/v1/feedback/confirm?\(text)")
            : try await call(.DELETE, "/v1/feedback?\(text)")
    }
}

/// Teaches without a daemon.
struct LocalDesk: LearningDesk {
    private let teacher: Teacher

    /// - Throws: `ModelError`, `FeedbackError`, `SiteFolder.OpenError`.
    init(_ settings: SiftdSettings) throws {
        teacher = try SiteAccess.teacher(settings)
    }

    func learn(_ message: CorpusMessage, _ query: String) async throws -> Lesson {
        var components = URLComponents()
        components.percentEncodedQuery = query
        var values: [String: String] = [:]
        for item in components.queryItems ?? [] { values[item.name] = item.value }
        let source = try LabelSource(parsing: values["source"] ?? "")
        guard values["label"] != "forget" else {
            return try teacher.forget(message.content, by: source)
        }
        guard let label = LabelClass(rawValue: values["label"] ?? ""),
            let way = LabelWay(rawValue: values["way"] ?? "")
        else { throw ControlClient.Failure(description: "no such label or way: \(query)") }
        return try teacher.teach(
            message.content, .init(label, by: source, way: way, mailbox: values["mailbox"]))
    }

    func status() async throws -> LearningStatus { try teacher.status() }

    func change(
        _ selection: (name: String, value: String), confirms: Bool
    ) async throws -> LabelChange {
        let labels = try LabelSelection(name: selection.name, value: selection.value)
        let removal = confirms ? try teacher.confirm(labels) : try teacher.remove(labels)
        return LabelChange(
            labels: removal.count, active: removal.active, newLabels: removal.newLabels)
    }
}
