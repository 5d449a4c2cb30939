import Feedback
import MailText
import NIOHTTP1
import Scoring
import Settings
import SiftdDaemon
import SiteMemory

/// What is said about messages.
struct LearningRequest: Sendable {
    /// The class; nil takes back what the source has said.
    var labelClass: LabelClass?
    var source: LabelSource
    var way: LabelWay
    var mailbox: String?
}

/// Which labels are taken back or confirmed: a name and a value, as `LabelSelection` reads them.
typealias SelectionText = (name: String, value: String)

/// Where `siftd learn` brings its labels: the daemon, or the store itself.
///
/// Calls block.
protocol LearningDesk {
    func learn(_ content: MailInput, _ request: LearningRequest) throws -> Lesson
    func status() throws -> LearningStatus
    /// Takes labels back or lets them count.
    func change(_ selection: SelectionText, confirms: Bool) throws -> LabelChange
}

/// What taking back or confirming has done.
struct LabelChange: Codable {
    var labels: Int
    var active: Int
    var newLabels: Int
    /// Whether it is done later, when the shared database is back.
    var kept: Bool?

    enum CodingKeys: String, CodingKey {
        case labels, active, kept
        case newLabels = "new_labels"
    }
}

extension ControlClient: LearningDesk {
    func learn(_ content: MailInput, _ request: LearningRequest) throws -> Lesson {
        var query: [SelectionText] = [
            ("label", request.labelClass?.rawValue ?? "forget"),
            ("source", request.source.description), ("way", request.way.rawValue),
        ]
        if let mailbox = request.mailbox { query.append(("mailbox", mailbox)) }
        let uri = "/v1/feedback?\(ControlClient.query(query))"
        switch content {
        case .message(let bytes): return try call(.POST, uri, body: bytes)
        case .text(let text):
            return try call(.POST, uri, type: "text/plain", body: Array(text.utf8))
        }
    }

    func status() throws -> LearningStatus { try call(.GET, "/v1/feedback") }

    func change(_ selection: SelectionText, confirms: Bool) throws -> LabelChange {
        let query = ControlClient.query([selection])
        return confirms
            ? try call(.POST, "/v1/feedback/confirm?\(query)")
            : try call(.DELETE, "/v1/feedback?\(query)")
    }

    /// Names and values with every byte escaped that a query may read as something else.
    private static func query(_ items: [SelectionText]) -> String {
        items.map { "\($0.name)=\(escaped($0.value))" }.joined(separator: "&")
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for byte in value.utf8 {
            let character = Character(UnicodeScalar(byte))
            if character.isASCII, character.isLetter || character.isNumber || byte == 0x2E {
                result.append(character)
            } else {
                result += "%" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}

/// Teaches without a daemon.
struct LocalDesk: LearningDesk {
    private let teacher: Teacher

    /// - Throws: `ModelError`, `FeedbackError`, `SiteFolder.OpenError`.
    init(_ settings: SiftdSettings) throws {
        teacher = try SiteAccess.teacher(settings)
    }

    func learn(_ content: MailInput, _ request: LearningRequest) throws -> Lesson {
        guard let labelClass = request.labelClass else {
            return try teacher.forget(content, by: request.source)
        }
        return try teacher.teach(
            content,
            .init(labelClass, by: request.source, way: request.way, mailbox: request.mailbox))
    }

    func status() throws -> LearningStatus { try teacher.status() }

    func change(_ selection: SelectionText, confirms: Bool) throws -> LabelChange {
        let labels = try LabelSelection(name: selection.name, value: selection.value)
        let removal = confirms ? try teacher.confirm(labels) : try teacher.remove(labels)
        return LabelChange(
            labels: removal.count, active: removal.active, newLabels: removal.newLabels,
            kept: removal.isKept ? true : nil)
    }
}
