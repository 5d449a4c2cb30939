import FilterTestKit
import Foundation
import Testing

/// One case of `cases/*.case`: its name on the first line, then `key: value` lines.
struct MailCase: CustomTestStringConvertible {
    var name = ""
    /// `spam` or `ham`, of `share/siftd/samples`, or a file beside the case.
    var message = "spam"
    var sender = "sender@example.net"
    var recipients = ["inbox@example.org"]
    /// Of the client and its user; only the protocol client can pretend these.
    var client = "127.0.0.1"
    var user = ""
    var manner = SMTPClient.Manner.plain
    /// How often it is sent, on one connection.
    var count = 1
    /// Whether another message is begun and reset first.
    var resets = false
    /// Servers that the case is for.
    var servers = MailServer.Kind.allCases
    /// Lines of an allow and of a deny file.
    var allow: [String] = []
    var deny: [String] = []
    var headers: [String] = []
    /// Keys with their section in front, as TOML.
    var settings: [String] = []
    /// How the reply at the end of the message begins.
    var reply = ""
    var delivered: [String] = []
    var absent: [String] = []
    var isHeld = false
    var isGone = false
    /// What the message's log line holds.
    var log: [String] = []

    var testDescription: String { name }

    init(_ text: String) {
        for (number, line) in text.split(separator: "\n").enumerated() {
            guard number > 0, let colon = line.firstIndex(of: ":") else {
                name = String(line)
                continue
            }
            let value = String(line[line.index(after: colon)...].drop { $0 == " " })
            switch line[..<colon] {
            case "message": message = value
            case "recipients":
                // `*100` stands for as many addresses.
                recipients =
                    value.hasPrefix("*")
                    ? (0..<(Int(value.dropFirst()) ?? 0)).map { "r\($0)@example.org" }
                    : value.split(separator: " ").map(String.init)
            case "sender": sender = value == "<>" ? "" : value
            case "client": client = value == "local" ? "" : value
            case "user": user = value
            case "manner": manner = .init(rawValue: value) ?? .plain
            case "count": count = Int(value) ?? 0
            case "resets": resets = value == "yes"
            case "servers":
                servers = value.split(separator: " ").compactMap { .init(rawValue: String($0)) }
            case "allow": allow.append(value)
            case "deny": deny.append(value)
            case "header": headers.append(value)
            case "setting": settings.append(value)
            case "reply": reply = value
            case "delivered": delivered.append(value)
            case "absent": absent.append(value)
            case "queue": isHeld = value == "held"
            case "gone": isGone = value == "yes"
            case "log": log.append(value)
            default: name = "unknown key in: \(line)"
            }
        }
    }

    /// The message with the case's own fields in front.
    func bytes(mark: String) throws -> [UInt8] {
        let folder =
            PostfixInstance.checkout
            + (message.hasSuffix(".eml")
                ? "/Tests/Integration/cases/\(message)" : "/share/siftd/samples/\(message).eml")
        let fields = headers + ["X-Case: \(mark)"]
        return Array((fields.joined(separator: "\n") + "\n").utf8)
            + Array(try Data(contentsOf: URL(fileURLWithPath: folder)))
    }

    static let all: [MailCase] = {
        let folder = PostfixInstance.checkout + "/Tests/Integration/cases"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".case") }.sorted().compactMap { name in
            (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)).map(MailCase.init)
        }
    }()
}
