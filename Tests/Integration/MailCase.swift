import FilterTestKit
import Foundation
import Testing

/// One file `cases/*.case`: a name on the first line, then lines `key: value`.
///
/// A case is a message, the settings it is judged with, and the expected result. Unknown keys, keys
/// given twice and values that are none of the permitted ones are errors: a misspelt expectation
/// must not pass for one that holds.
struct MailCase: CustomTestStringConvertible, Sendable {
    /// The file's name without its suffix.
    var file = ""
    /// A sentence that says what the case shows.
    var name = ""
    /// `spam` or `ham` of `share/siftd/samples`, or a file beside the case.
    var message = "spam"
    /// The envelope sender; empty for a bounce.
    var sender = "sender@example.net"
    /// The envelope recipients.
    var recipients = ["inbox@example.org"]
    /// Address of the SMTP client, empty for local mail; only the protocol client can pretend it.
    var client = "127.0.0.1"
    /// The authenticated user; only the protocol client can pretend it.
    var user = ""
    /// How SMTP hands the message over.
    var manner = SMTPClient.Manner.plain
    /// Number of times that the message is sent, on one connection.
    var count = 1
    /// Whether another message is begun and reset first.
    var resets = false
    /// Servers that the case is for.
    var servers = MailServer.Kind.allCases
    /// Lines of the allow file.
    var allow: [String] = []
    /// Lines of the deny file.
    var deny: [String] = []
    /// Header fields in front of the message.
    var headers: [String] = []
    /// Settings as TOML, each key with its section.
    var settings: [String] = []
    /// The first characters of the reply at the end of the message.
    var reply = ""
    /// Texts that the delivered message holds.
    var delivered: [String] = []
    /// Texts that the delivered message does not hold.
    var absent: [String] = []
    /// Whether the message waits in quarantine instead of being delivered.
    var isHeld = false
    /// Whether the message is accepted and discarded.
    var isDiscarded = false
    /// Texts that each of the message's log lines holds.
    var log: [String] = []

    var testDescription: String { "\(file): \(name)" }

    /// Whether the message arrives in the mailbox.
    var isDelivered: Bool { reply.hasPrefix("250") && !isHeld && !isDiscarded }

    /// Parses a case.
    ///
    /// - Throws: ``ParseError``.
    init(_ text: String, file: String) throws(ParseError) {
        self.file = file
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        name = lines.first.map(String.init) ?? ""
        guard !name.isEmpty, MailCase.keyValue(name)?.key.contains(" ") != false else {
            throw ParseError(file: file, line: 1, reason: "the first line is not a name")
        }
        var seen: Set<String> = []
        for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            let error = { ParseError(file: file, line: index + 1, reason: $0) }
            guard let (key, value) = MailCase.keyValue(line) else {
                throw error("\"\(line)\" is not a key and a value")
            }
            let isNew = seen.insert(key).inserted
            if try add(key, value, error) { continue }
            guard isNew else { throw error("\"\(key)\" is given twice") }
            try set(key, value, error)
        }
        guard !reply.isEmpty else {
            throw ParseError(file: file, line: lines.count, reason: "\"reply\" is missing")
        }
    }

    private static func keyValue(_ line: some StringProtocol) -> (key: String, value: String)? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        return (String(line[..<colon]), String(value))
    }

    /// Adds the value of a key that may be given several times; false for other keys.
    private mutating func add(
        _ key: String, _ value: String, _ error: (String) -> ParseError
    ) throws(ParseError) -> Bool {
        let lists: [String: WritableKeyPath<MailCase, [String]>] = [
            "allow": \.allow, "deny": \.deny, "header": \.headers, "setting": \.settings,
            "delivered": \.delivered, "absent": \.absent, "log": \.log,
        ]
        guard let list = lists[key] else { return false }
        guard !value.isEmpty else { throw error("\"\(key)\" has no value") }
        self[keyPath: list].append(value)
        return true
    }

    /// Sets the value of a key that is given once.
    private mutating func set(
        _ key: String, _ value: String, _ error: (String) -> ParseError
    ) throws(ParseError) {
        let wrong = error("\"\(value)\" is no value of \"\(key)\"")
        switch key {
        case "message": message = value
        case "sender": sender = value == "<>" ? "" : value
        case "client": client = value == "local" ? "" : value
        case "user": user = value
        case "reply": reply = value
        case "recipients":
            guard let recipients = MailCase.recipients(value) else { throw wrong }
            self.recipients = recipients
        case "manner":
            guard let manner = SMTPClient.Manner(rawValue: value) else { throw wrong }
            self.manner = manner
        case "count":
            guard let count = Int(value), count > 0 else { throw wrong }
            self.count = count
        case "servers":
            let names = value.split(separator: " ")
            servers = names.compactMap { .init(rawValue: String($0)) }
            guard servers.count == names.count, !servers.isEmpty else { throw wrong }
        case "resets":
            guard value == "yes" else { throw wrong }
            resets = true
        case "queue":
            guard value == "held" else { throw wrong }
            isHeld = true
        case "gone":
            guard value == "yes" else { throw wrong }
            isDiscarded = true
        default: throw error("unknown key \"\(key)\"")
        }
    }

    /// Addresses with blanks between, or `*100` for as many; nil when it is neither.
    private static func recipients(_ value: String) -> [String]? {
        guard value.hasPrefix("*") else {
            let addresses = value.split(separator: " ").map(String.init)
            return addresses.isEmpty ? nil : addresses
        }
        guard let count = Int(value.dropFirst()), count > 0 else { return nil }
        return (0..<count).map { "r\($0)@example.org" }
    }

    /// The message with the case's fields and an identifying field in front.
    func bytes(mark: String) throws -> [UInt8] {
        let path =
            message.hasSuffix(".eml")
            ? "Tests/Integration/cases/\(message)" : "share/siftd/samples/\(message).eml"
        let fields = headers + ["X-Case: \(mark)"]
        return Array((fields.joined(separator: "\n") + "\n").utf8)
            + Array(try Data(contentsOf: URL(fileURLWithPath: Checkout.file(path))))
    }

    /// The cases of `cases/`, in the order of their file names.
    ///
    /// - Throws: ``ParseError``, or the error of reading a file.
    static func all() throws -> [MailCase] {
        let folder = Checkout.file("Tests/Integration/cases")
        return try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".case") }.sorted()
            .map { file in
                let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
                return try MailCase(text, file: String(file.dropLast(".case".count)))
            }
    }
}

extension MailCase {
    /// The cases that are for a server.
    static func all(for server: MailServer.Kind) throws -> [MailCase] {
        try all().filter { $0.servers.contains(server) }
    }

    /// A mistake in a case, with its line.
    struct ParseError: Error, Equatable, CustomStringConvertible {
        var file: String
        var line: Int
        var reason: String
        var description: String { "\(file).case:\(line): \(reason)" }
    }
}
