import Corpora
import FilterTestKit
import Foundation
import Learning
import MailText
import Models
import TextCNN

/// Spam as bare messages, with text of other people around it, and in the dress of a newsletter.
///
/// Nothing of a spam's own header, HTML and parts remains: what a spammer would send who knows that
/// a filter looks at them.
struct PaddingTest {
    /// One message of the test, alone or changed.
    struct Variant {
        var name: String
        var messages: [[UInt8]]
    }

    private static let spamSets = [("trec07p", 120), ("spamassassin", 90), ("modern-spam", 150)]
    private static let poolSets = ["trec07p", "spamassassin", "mailing-lists", "modern-mail"]
    private static let controlSets = [
        "trec07p", "spamassassin", "mailing-lists", "modern-mail", "modern-newsletters",
        "modern-templates", "modern-written", "wanted-mail", "office-mail",
    ]
    private static let controlMessages = 110
    private static let visibleBytes = 200...8_000

    private var spam: [(subject: String, text: String)] = []
    private var control: [(subject: String, text: String)] = []
    private var pool: [String] = []
    private var foreign: [String] = []
    private var shells: [String] = []
    private var strange: [(set: String, texts: [String])] = []

    /// Reads the mail.
    ///
    /// - Parameters:
    ///   - folder: of the shared sets.
    ///   - part: that spam and the ham of the control are from; padding is from dev.
    ///   - leftOut: sets that the model was trained without. Their ham is padding of its own, and
    ///     nothing else of them is used.
    /// - Throws: `CorpusError`.
    init(folder: String, part: DataSplit, leftOut: [String]) throws {
        var random = RandomSource(seed: 11)
        func isKnown(_ set: String) -> Bool { !leftOut.contains(set) }
        func messages(_ set: String, _ part: DataSplit, _ label: String) throws -> [Carrier] {
            let split = try SplitFile(paths: ["\(folder)/\(set).split.tsv"])
            var found: [Carrier] = []
            try Corpus(argument: "\(folder)/\(set).tar.zst").forEach { message in
                guard let entry = split.entry(set: message.set, path: message.path),
                    entry.part == part, entry.label == label, let carrier = Carrier(message)
                else { return }
                found.append(carrier)
            }
            random.shuffle(&found)
            return found
        }
        func bare(_ carriers: [Carrier], _ count: Int) -> [(subject: String, text: String)] {
            var result: [(subject: String, text: String)] = []
            for carrier in carriers where result.count < count {
                let text = carrier.plainText
                guard PaddingTest.visibleBytes.contains(text.utf8.count) else { continue }
                let subject = carrier.header.first { $0.lowercased().hasPrefix("subject:") }
                result.append((subject ?? "Subject:", text))
            }
            return result
        }
        for (set, count) in PaddingTest.spamSets where isKnown(set) {
            spam += bare(try messages(set, part, "spam"), count)
        }
        for set in PaddingTest.controlSets where isKnown(set) {
            control += bare(try messages(set, part, "ham"), PaddingTest.controlMessages)
        }
        for set in PaddingTest.poolSets where isKnown(set) {
            pool += try messages(set, .dev, "ham").map(\.plainText).filter { $0.utf8.count > 100 }
        }
        for set in ["modern-newsletters", "wanted-mail", "modern-templates"] {
            shells += try messages(set, .dev, "ham").filter(\.isHTML).prefix(40).map(\.html)
        }
        for set in ["agnews-7600", "imdb-sample", "reuters21578-modapte"] {
            var texts: [String] = []
            try Corpus(argument: "\(folder)/text/\(set).csv.gz").forEach { message in
                if case .text(let text) = message.content { texts.append(text) }
            }
            random.shuffle(&texts)
            foreign += texts.prefix(400)
        }
        for set in leftOut {
            strange.append((set, try PaddingTest.ham(of: set, folder)))
        }
    }

    /// The text of a set's ham, of all parts.
    private static func ham(of set: String, _ folder: String) throws -> [String] {
        let split = try SplitFile(paths: ["\(folder)/\(set).split.tsv"])
        let table = "\(folder)/\(set).csv.gz"
        let isTable = FileManager.default.fileExists(atPath: table)
        var texts: [String] = []
        try Corpus(argument: isTable ? table : "\(folder)/\(set).tar.zst").forEach { message in
            guard split.entry(set: message.set, path: message.path)?.label == "ham" else { return }
            if case .text(let text) = message.content {
                texts.append(text)
            } else if let carrier = Carrier(message) {
                texts.append(carrier.plainText)
            }
        }
        return texts.filter { $0.utf8.count > 100 }
    }

    /// The variants of the spam, the bare one first.
    var spamVariants: [Variant] {
        var result = [Variant(name: "bare", messages: spam.map { bare($0.subject, $0.text) })]
        let shapes: [(String, Double, Double)] = [
            ("after 100 %", 0, 1), ("after 300 %", 0, 3), ("before 300 %", 3, 0),
            ("around 300 %", 1.5, 1.5), ("after 1000 %", 0, 10),
        ]
        let pools = [("ham", pool), ("news and reviews", foreign)]
        for (source, texts) in pools + strange.map({ ("ham of \($0.set)", $0.texts) }) {
            for (name, before, after) in shapes {
                result.append(
                    Variant(
                        name: "\(source) \(name)",
                        messages: padded(spam, texts, before: before, after: after)))
            }
        }
        result.append(
            Variant(
                name: "as HTML",
                messages: spam.map {
                    html($0.subject, "<html><body>\(escaped($0.text))</body></html>")
                }
            ))
        for words in [20, 150] {
            result.append(
                Variant(
                    name: "in a newsletter's layout, \(words) words of it around",
                    messages: inShells(words)))
        }
        return result
    }

    /// The variants of the ham, the bare one first.
    var hamVariants: [Variant] {
        [
            Variant(name: "bare", messages: control.map { bare($0.subject, $0.text) }),
            Variant(
                name: "ham after 300 %", messages: padded(control, pool, before: 0, after: 3)),
            Variant(
                name: "ham before 300 %", messages: padded(control, pool, before: 3, after: 0)),
            Variant(
                name: "news after 300 %", messages: padded(control, foreign, before: 0, after: 3)),
        ]
    }

    /// Writes all messages where other filters can read them, one folder a variant.
    func write(to path: String) throws {
        for (label, variants) in [("spam", spamVariants), ("ham", hamVariants)] {
            for variant in variants {
                let name = "\(label) \(variant.name)".replacingOccurrences(of: "/", with: "-")
                let folder = URL(fileURLWithPath: path).appendingPathComponent(name)
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: true)
                for (number, message) in variant.messages.enumerated() {
                    let file = String(format: "%04d.eml", number)
                    try Data(message).write(to: folder.appendingPathComponent(file))
                }
            }
        }
    }

    private func padded(
        _ messages: [(subject: String, text: String)], _ texts: [String], before: Double,
        after: Double
    ) -> [[UInt8]] {
        var random = RandomSource(seed: 5)
        return messages.map { message in
            let count = Double(message.text.count)
            let front = padding(Int(count * before), texts, &random)
            let back = padding(Int(count * after), texts, &random)
            let parts = [front, message.text, back].filter { !$0.isEmpty }
            return bare(message.subject, parts.joined(separator: "\n\n"))
        }
    }

    /// Random texts with empty lines between them, cut to a length in characters.
    private func padding(
        _ length: Int, _ texts: [String], _ random: inout RandomSource
    ) -> String {
        guard length > 0 else { return "" }
        var result = ""
        while result.count < length {
            if !result.isEmpty { result += "\n\n" }
            result += texts[random.nextIndex(below: texts.count)]
        }
        return String(result.prefix(length))
    }

    private func bare(_ subject: String, _ text: String) -> [UInt8] {
        message(subject, "text/plain", text)
    }

    private func html(_ subject: String, _ text: String) -> [UInt8] {
        message(subject, "text/html", text)
    }

    private func message(_ subject: String, _ type: String, _ body: String) -> [UInt8] {
        Array(
            """
            From: sender@example.net
            To: user@example.org
            \(subject)
            MIME-Version: 1.0
            Content-Type: \(type); charset=utf-8
            Content-Transfer-Encoding: 8bit

            \(body)

            """.utf8)
    }

    private func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;")
            .replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;")
            .replacingOccurrences(of: "\n", with: "<br>\n")
    }

    /// The spam in the middle of a wanted newsletter's markup, of whose text only the first and the
    /// last words stay.
    private func inShells(_ words: Int) -> [[UInt8]] {
        var random = RandomSource(seed: 7)
        return spam.map { message in
            let shell = shells[random.nextIndex(below: shells.count)]
            var total = 0
            _ = change(shell) { word in
                total += 1
                return word
            }
            let last = max(words, total - (words == 20 ? 60 : words))
            var seen = 0
            var isPlaced = false
            let dressed = change(shell) { word in
                seen += 1
                if seen <= words || seen > last { return word }
                guard isPlaced else {
                    isPlaced = true
                    return escaped(message.text)
                }
                return ""
            }
            return html(message.subject, isPlaced ? dressed : dressed + escaped(message.text))
        }
    }

    /// HTML with its words changed.
    private func change(_ html: String, _ change: (String) -> String) -> String {
        Carrier(html: html).changingWords(change)
    }
}
