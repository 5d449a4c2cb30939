import Foundation
import Testing

/// One case of `cases/*.case`: its name on the first line, then `key: value` lines.
struct MailCase: CustomTestStringConvertible {
    var name = ""
    /// `spam` or `ham`, of `share/siftd/samples`.
    var message = "spam"
    var recipients = ["inbox@example.org"]
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

    static let all: [MailCase] = {
        let folder = PostfixInstance.checkout + "/Tests/Integration/cases"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".case") }.sorted().compactMap { name in
            (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)).map(MailCase.init)
        }
    }()
}
