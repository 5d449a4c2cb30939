import FilterTestKit
import Foundation
import MailText
import Models
import Scoring
import Testing
import TextFeatures

/// Messages in `Tests/Fixtures/mail`, each with what siftd must read of it in a JSON file beside
/// it.
@Suite struct GoldenMessageTests {
    /// What is expected of one message; what is nil is not looked at.
    struct Expectation: Decodable {
        /// What the message is there for.
        var about: String
        var visible: String?
        var subject: String?
        /// The author's address.
        var author: String?
        var hidden: Int?
        var preheader: String?
        var links: [String]?
        /// Type, role, reason and file name of each part.
        var parts: [String]?
        /// Facts among the message's facts, and facts that are not.
        var facts: [String]?
        var noFacts: [String]?
        /// A stretch of the tokens, and tokens that must not be there.
        var tokens: String?
        var noTokens: [String]?
        /// All defects; none when missing.
        var defects: [String]?

        enum CodingKeys: String, CodingKey {
            case about, visible, subject, author, hidden, preheader, links, parts, facts, tokens
            case defects
            case noFacts = "no_facts"
            case noTokens = "no_tokens"
        }
    }

    struct Golden: CustomTestStringConvertible, Sendable {
        var folder: String
        var name: String
        var testDescription: String { "\(folder)/\(name)" }

        private var path: URL {
            GoldenMessageTests.folder.appendingPathComponent(folder).appendingPathComponent(name)
        }
        func message() throws -> [UInt8] {
            Array(try Data(contentsOf: path.appendingPathExtension("eml")))
        }
        func expectation() throws -> Expectation {
            let data = try Data(contentsOf: path.appendingPathExtension("json"))
            return try JSONDecoder().decode(Expectation.self, from: data)
        }
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/mail")

    static let all: [Golden] = {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? [])
            .filter { $0.pathExtension == "eml" }
            .map { file in
                Golden(
                    folder: file.deletingLastPathComponent().lastPathComponent,
                    name: file.deletingPathExtension().lastPathComponent)
            }
            .sorted { $0.testDescription < $1.testDescription }
    }()

    @Test("There are at least 150 golden messages")
    func count() { #expect(GoldenMessageTests.all.count >= 150) }

    @Test("A message is read as expected", arguments: all)
    func reading(_ golden: Golden) throws {
        try check(try golden.message(), try golden.expectation(), "LF")
    }

    @Test("A message with CRLF line ends is read alike", arguments: all)
    func canonicalReading(_ golden: Golden) throws {
        let message = try golden.message()
        guard !message.contains(0x0D) else { return }
        let canonical = message.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        try check(canonical, try golden.expectation(), "CRLF")
    }

    @Test("Every token that is not of the text belongs to a family", arguments: all)
    func families(_ golden: Golden) throws {
        let document = Document(MailContent(message: try golden.message()))
        let stream = try TextPipeline(.standard).tokens(of: document)
        for (token, text) in zip(stream.tokens, stream.strings) {
            if token.kind == .marker {
                let isSign = text.unicodeScalars.allSatisfy { !$0.properties.isAlphabetic }
                #expect(ModelToken(text) != nil || isSign, "\(text) has no family")
            } else {
                #expect(ModelToken(text) == nil, "the word \(text) looks like a token of siftd")
            }
        }
        for fact in document.facts {
            #expect(ModelToken(fact) != nil && ModelToken.words(for: fact) != fact)
        }
    }

    private func check(
        _ message: [UInt8], _ expected: Expectation, _ lineEnd: Comment
    ) throws {
        let content = MailContent(message: message)
        let body = content.body
        let document = Document(content)
        let tokens = try TextPipeline(.standard).tokens(of: document).strings
        if let visible = expected.visible { #expect(body.text == visible, lineEnd) }
        if let subject = expected.subject {
            #expect(String(decoding: content.subject ?? [], as: UTF8.self) == subject, lineEnd)
        }
        if let author = expected.author {
            let from = content.header.from
            #expect("\(from.localPart)@\(from.domain)" == author, lineEnd)
        }
        #expect(body.hiddenWords == expected.hidden ?? 0, lineEnd)
        let preheader = String(decoding: body.preheader, as: UTF8.self)
        #expect(preheader == expected.preheader ?? "", lineEnd)
        if let links = expected.links { #expect(body.links == links, lineEnd) }
        if let parts = expected.parts { #expect(content.parts.map(\.line) == parts, lineEnd) }
        for fact in expected.facts ?? [] { #expect(document.facts.contains(fact), lineEnd) }
        for fact in expected.noFacts ?? [] { #expect(!document.facts.contains(fact), lineEnd) }
        let joined = tokens.joined(separator: " ")
        if let stretch = expected.tokens { #expect(joined.contains(stretch), lineEnd) }
        for token in expected.noTokens ?? [] { #expect(!tokens.contains(token), lineEnd) }
        #expect(content.defects.map(\.rawValue) == expected.defects ?? [], lineEnd)
    }
}

extension MailPart {
    fileprivate var line: String {
        let line = "\(mediaType) \(role.rawValue) \(reason.rawValue)"
        return fileName.isEmpty ? line : "\(line) \(fileName)"
    }
}

extension VisibleText {
    fileprivate var links: [String] {
        marks.compactMap { mark in
            if case .link(let target) = mark.kind { return target }
            return nil
        }
    }
}
