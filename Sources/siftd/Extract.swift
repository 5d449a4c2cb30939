import ArgumentParser
import Foundation
import Learning
import MailText
import Scoring
import TextFeatures

struct Extract: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what siftd reads of messages: parts, visible text, facts, tokens, defects.")

    @Flag(help: "Print one JSON object a message.") var json = false
    @Option(help: "Text pipeline: default or seed.") var profile = "default"
    @Argument(help: .init("What to read; - for standard input.", valueName: "path"))
    var paths: [String]

    func run() async throws {
        try await SystemExit.reporting {
            guard let name = TextPipelineSpec.Profile(rawValue: profile) else {
                throw ValidationError("--profile is \(profile); it is default or seed")
            }
            let pipeline = try TextPipeline(TextPipelineSpec.named(name))
            for path in paths {
                try Corpus(argument: path).forEach { message in
                    try show(message, Extraction(message, pipeline))
                }
            }
        }
    }

    private func show(_ message: CorpusMessage, _ extraction: Extraction) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(extraction), as: UTF8.self))
        } else {
            print(extraction.text)
        }
    }
}

/// One message as siftd reads it.
private struct Extraction: Encodable {
    struct Part: Encodable {
        var depth: Int
        var type: String
        var charset: String
        var name: String
        var bytes: Int
        var role: String
    }

    var path: String
    var subject: String?
    var parts: [Part]
    var visible: String
    var hidden: String
    var hiddenWords: Int
    var links: [String]
    var facts: [String]
    var tokens: [String]
    var defects: [String]

    enum CodingKeys: String, CodingKey {
        case path, subject, parts, visible, hidden, links, facts, tokens, defects
        case hiddenWords = "hidden_words"
    }

    init(_ message: CorpusMessage, _ pipeline: TextPipeline) {
        let content = message.read()
        let document = Document(content)
        path = message.path
        subject = content.subject.map { String(decoding: $0, as: UTF8.self) }
        parts = content.parts.map {
            Part(
                depth: $0.depth, type: $0.mediaType, charset: $0.charset, name: $0.fileName,
                bytes: $0.size, role: $0.role.rawValue)
        }
        visible = content.body.text
        hidden = String(decoding: content.body.hiddenBytes, as: UTF8.self)
        hiddenWords = content.body.hiddenWords
        links = content.body.marks.compactMap {
            if case .link(let target) = $0.kind { return target }
            return nil
        }
        facts = document.facts
        tokens = pipeline.tokens(of: document).strings
        defects = content.defects.map(\.rawValue)
    }

    var text: String {
        var lines = ["== \(path)", "subject: \(subject ?? "-")", "parts:"]
        for part in parts {
            let indent = String(repeating: "  ", count: part.depth + 1)
            let name = part.name.isEmpty ? "" : " \"\(part.name)\""
            let charset = part.charset.isEmpty ? "" : " \(part.charset)"
            lines.append("\(indent)\(part.type)\(charset)\(name) \(part.bytes) bytes: \(part.role)")
        }
        lines += ["visible text:"] + visible.split(separator: "\n").map { "  \($0)" }
        if hiddenWords > 0 { lines += ["hidden (\(hiddenWords) words): \(hidden.prefix(500))"] }
        if !links.isEmpty { lines += ["links:"] + links.map { "  \($0)" } }
        lines.append("facts: \(facts.joined(separator: " "))")
        lines.append("tokens (\(tokens.count)): \(tokens.joined(separator: " "))")
        lines.append("defects: \(defects.isEmpty ? "none" : defects.joined(separator: ", "))")
        return lines.joined(separator: "\n")
    }
}
