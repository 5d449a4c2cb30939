import Corpora
import DomainNames
import FilterPolicy
import Foundation
import MailText
import Models
import SiteLearning
import TextFeatures

/// One message of a stream, read, tokenised and scored by the model once.
struct BenchMessage: Sendable {
    var path: String
    var isSpam: Bool
    var tokens: Int
    var features: SiteFeatures
    /// The calibrated logit of the model.
    var logit: Double
    /// The registered domain of From, the address where anybody gets a mailbox; empty without From.
    var senderKey: String
    /// Seconds since 1970 by the Date field; nil when it can't be read.
    var date: Int64?
    /// For near-duplicates.
    var sketch: Sketch
    var raw: [UInt8]
    /// Seconds that hashing took.
    var hashTime: Double
    /// Seconds that finding the sender's identity took.
    var identityTime: Double
}

/// Reads messages as the site's border would.
struct BenchReader: Sendable {
    let model: ScoringModel
    let secret: SiteSecret
    let pipeline: TextPipeline
    /// The ends of the names of the site's own hosts.
    var ownHosts: [String] = []
    /// The beginning of the authserv-id of the site's border MTA.
    var authservPrefix = "-"

    static let freeMail: Set<String> = [
        "gmail.com", "googlemail.com", "yahoo.com", "hotmail.com", "outlook.com", "live.com",
        "msn.com", "aol.com", "gmx.de", "gmx.net", "web.de", "mail.ru", "icloud.com",
        "protonmail.com", "qq.com", "163.com", "126.com", "comcast.net", "verizon.net",
    ]

    func read(_ message: CorpusMessage, isSpam: Bool) -> BenchMessage {
        var raw: [UInt8] = []
        if case .message(let bytes) = message.content { raw = withoutFilterFields(bytes) }
        let content = MailContent(message: raw)
        let tokens = pipeline.tokens(of: Document(content))
        let ids = model.pipeline.ids(of: tokens, in: model.vocabulary)
        let fields = HeaderFields(raw)
        let sender = self.sender(content, fields)
        var features = SiteFeatures(tokens: tokens, sender: sender, secret: secret)
        // The best of several times, since other processes share the cores.
        let client = clientHost(fields)
        var identityTime = Double.infinity
        for _ in 0..<5 {
            let start = ContinuousClock.now
            _ = SenderIdentity(content.header, clientHostName: client)
            identityTime = min(identityTime, (ContinuousClock.now - start) / .seconds(1))
        }
        var hashTime = Double.infinity
        for _ in 0..<5 {
            let start = ContinuousClock.now
            features = SiteFeatures(tokens: tokens, sender: sender, secret: secret)
            hashTime = min(hashTime, (ContinuousClock.now - start) / .seconds(1))
        }
        let calibration = model.bundle.calibration
        let logit = calibration.scale * Double(model.score(ids).logits[0]) + calibration.offset
        let from = content.header.from
        let organization = PublicSuffix.organization(of: from.domain)
        let key =
            BenchReader.freeMail.contains(organization)
            ? "\(from.localPart.lowercased())@\(from.domain)" : organization
        return BenchMessage(
            path: "\(message.set)/\(message.path)", isSpam: isSpam, tokens: tokens.count,
            features: features,
            logit: logit, senderKey: from.domain.isEmpty ? "" : key,
            date: content.header.date,
            sketch: Sketch(tokens.strings), raw: raw, hashTime: hashTime,
            identityTime: identityTime)
    }

    private func sender(_ content: MailContent, _ fields: HeaderFields) -> SenderIdentity {
        var verification = SenderIdentity.Verification()
        let results = fields.all("authentication-results")
        for id in Set(results.map { String($0.prefix { $0 != ";" && $0 != " " }) })
        where id.hasPrefix(authservPrefix) {
            let proofs = AuthenticationResults(results, authservID: id)
            let domain = content.header.from.domain
            verification.author =
                verification.author || proofs.provesAuthor(domain) || proofs.provesSender(domain)
            verification.envelopeSender =
                verification.envelopeSender
                || proofs.provesSender(content.header.envelopeSenderDomain)
            let list = PublicSuffix.organization(of: content.header.listID)
            verification.list =
                verification.list || proofs.provesAuthor(list) || proofs.provesSender(list)
        }
        return SenderIdentity(
            content.header, clientHostName: clientHost(fields), verification: verification)
    }

    /// The verified host name of the client in the topmost Received field that is not of one of
    /// the site's own hosts: `from HELO (NAME [ADDRESS]) by …`.
    private func clientHost(_ fields: HeaderFields) -> String {
        for field in fields.all("received") {
            guard field.hasPrefix("from "), let open = field.firstIndex(of: "("),
                let close = field[open...].firstIndex(of: "]")
            else { return "" }
            let words = field[field.index(after: open)..<close].split(separator: " ")
            let isForged = field[close...].prefix(30).contains("forged")
            guard words.count == 2, words[1].first == "[" else { return "" }
            let name = words[0].lowercased()
            if ownHosts.contains(where: { name.hasSuffix($0) }) { continue }
            return isForged || name == "unknown" ? "" : name
        }
        return ""
    }

    /// Other filters' verdicts, and the line of an mbox file, would betray the label.
    private func withoutFilterFields(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isDropped = false
        var rest = bytes[...]
        var isFirst = true
        while let end = rest.firstIndex(of: 10) {
            let line = rest[...end]
            rest = rest[(end + 1)...]
            let start = String(decoding: line.prefix(8), as: UTF8.self).lowercased()
            let isContinued = line.first == 32 || line.first == 9
            if !isContinued {
                isDropped =
                    start.hasPrefix("x-spam") || start.hasPrefix("x-bogos")
                    || isFirst && start.hasPrefix("from ")
            }
            isFirst = false
            if !isDropped { result += line }
            if line.count < 3, line.allSatisfy({ $0 == 10 || $0 == 13 }) { break }
        }
        return result + rest
    }
}

/// The header of a message, unfolded.
struct HeaderFields {
    private var fields: [(name: String, value: String)] = []

    init(_ raw: [UInt8]) {
        for line in String(decoding: raw.prefix(100_000), as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        {
            if line.isEmpty { break }
            if line.first == " " || line.first == "\t" {
                if !fields.isEmpty {
                    fields[fields.count - 1].value +=
                        " " + line.trimmingCharacters(in: .whitespaces)
                }
            } else if let colon = line.firstIndex(of: ":") {
                fields.append(
                    (
                        line[..<colon].lowercased(),
                        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                    ))
            }
        }
    }

    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
}
