import Foundation
import HTTPTypes
import MailText

/// The messages of an invocation, and how many labels each wants.
struct Invocation {
    let inputs: [MailInput]
    /// For each message, one at least.
    let counts: [Int]

    /// The body in JSON, as BlazingText takes it.
    private struct Document: Decodable {
        struct Configuration: Decodable {
            let k: Int?
        }

        let instances: [MessageItem]
        let configuration: Configuration?

        private enum CodingKeys: String, CodingKey, CaseIterable { case instances, configuration }

        init(from decoder: any Decoder) throws {
            try decoder.permit(CodingKeys.allCases.map(\.rawValue))
            let container = try decoder.container(keyedBy: CodingKeys.self)
            instances = try container.decode([MessageItem].self, forKey: .instances)
            configuration = try container.decodeIfPresent(
                Configuration.self, forKey: .configuration)
        }
    }

    /// A line in JSON: what an instance may be, or `source` and perhaps `k`.
    private struct Line: Decodable {
        let input: MailInput
        let k: Int?

        private enum CodingKeys: String, CodingKey, CaseIterable { case source, k }

        init(from decoder: any Decoder) throws {
            if let container = try? decoder.container(keyedBy: CodingKeys.self),
                let source = try container.decodeIfPresent(String.self, forKey: .source)
            {
                try decoder.permit(CodingKeys.allCases.map(\.rawValue))
                input = .text(source)
                k = try container.decodeIfPresent(Int.self, forKey: .k)
            } else {
                input = try MessageItem(from: decoder).input
                k = nil
            }
        }
    }

    /// - Throws: ``Problem`` with 400 or 413.
    init(_ bytes: [UInt8], _ format: InvocationFormat) throws {
        guard !bytes.isEmpty else { throw Problem(.badRequest, "the body is empty") }
        switch format {
        case .text:
            inputs = [.text(String(decoding: bytes, as: UTF8.self))]
            counts = [1]
        case .message:
            inputs = [.message(bytes)]
            counts = [1]
        case .csv:
            let rows = try TextRows.read(bytes)
            inputs = rows.map { .text(String(decoding: $0, as: UTF8.self)) }
            counts = rows.map { _ in 1 }
        case .json:
            guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
                throw Problem(
                    .badRequest,
                    "the body is not JSON of the form {\"instances\": [\"…\", …], "
                        + "\"configuration\": {\"k\": 1}}")
            }
            try MessageList.checkCount(document.instances.count)
            let count = try Invocation.count(document.configuration?.k)
            inputs = document.instances.map(\.input)
            counts = inputs.map { _ in count }
        case .lines:
            let lines = try Invocation.lines(bytes)
            inputs = lines.map(\.input)
            counts = try lines.map { try Invocation.count($0.k) }
        }
    }

    private static func lines(_ bytes: [UInt8]) throws -> [Line] {
        var lines: [Line] = []
        let decoder = JSONDecoder()
        for (index, line) in bytes.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).enumerated() where !line.allSatisfy({ " \t\r".utf8.contains($0) }) {
            try MessageList.checkCount(lines.count + 1)
            guard let item = try? decoder.decode(Line.self, from: Data(line)) else {
                throw Problem(
                    .badRequest,
                    "line \(index + 1) is not JSON of the form {\"source\": \"…\"} or \"…\"")
            }
            lines.append(item)
        }
        return lines
    }

    private static func count(_ k: Int?) throws -> Int {
        let count = k ?? 1
        guard count > 0 else {
            throw Problem(.badRequest, "k is the number of labels wanted, from 1")
        }
        return count
    }
}

/// Rows of one field (RFC 4180).
enum TextRows {
    /// Reads all rows; empty ones count as empty texts, but not the one behind the last line end.
    ///
    /// - Throws: ``Problem`` with 400 for a row of several fields or wrong quotes, with 413 for too
    ///   many rows.
    static func read(_ bytes: [UInt8]) throws -> [[UInt8]] {
        var rows: [[UInt8]] = []
        var field: [UInt8] = []
        var isQuoted = false
        var hasEnded = false
        var index = 0
        func fault(_ reason: String) -> Problem {
            Problem(.badRequest, "row \(rows.count + 1) \(reason)")
        }
        func endRow() throws {
            try MessageList.checkCount(rows.count + 1)
            rows.append(field)
            field.removeAll()
            hasEnded = false
        }
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : nil
            index += 1
            switch (byte, isQuoted) {
            case (UInt8(ascii: "\""), true) where next == byte:
                field.append(byte)
                index += 1
            case (UInt8(ascii: "\""), true):
                isQuoted = false
                hasEnded = true
            case (_, true): field.append(byte)
            case (UInt8(ascii: "\n"), false): try endRow()
            case (UInt8(ascii: "\r"), false) where next == UInt8(ascii: "\n"): break
            case (UInt8(ascii: ","), false):
                throw fault("has several fields; put a text with commas in quotes")
            case (UInt8(ascii: "\""), false) where field.isEmpty && !hasEnded: isQuoted = true
            case (UInt8(ascii: "\""), false):
                throw fault("has a quote in its midst; put the whole text in quotes")
            case (_, false):
                guard !hasEnded else { throw fault("goes on behind its closing quote") }
                field.append(byte)
            }
        }
        guard !isQuoted else { throw fault("ends inside quotes") }
        if !field.isEmpty || hasEnded { try endRow() }
        return rows
    }
}
