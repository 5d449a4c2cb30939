import ASCIIText
import FilterPolicy
import Foundation
import Models
import Scoring

/// What siftd says of a message in words: the body of REPORT and of SYMBOLS.
struct SpamdReport {
    /// Of siftd.
    let version: String
    /// The name of this machine.
    let host: String
    let finding: SpamdFinding
    /// Names of the tests that hit, as in `X-Spam-Status`, each with what it says.
    let tests: [(name: String, points: Double, words: String)]
    /// What moved the score most; empty for mail whose fields name no reasons either.
    let reasons: [(text: String, share: Double)]

    /// Of a judged message.
    ///
    /// - Parameters:
    ///   - message: judged.
    ///   - version: of siftd.
    ///   - host: the name of this machine.
    ///   - reasons: what moved the score most.
    init(
        _ message: JudgedMessage, version: String, host: String,
        reasons: [ScoreExplanation.Reason]
    ) {
        self.version = version
        self.host = host
        let judgement = message.judgement
        finding = SpamdFinding(judgement)
        let probability = min(max(judgement.probability, 0), 1).fixed(4)
        var tests: [(String, Double, String)] = [
            (
                "TEXTCNN", judgement.points,
                "probability of spam \(probability) by the model \(message.model.id)"
            )
        ]
        if judgement.verdict == .unsure {
            tests.append(("TEXTCNN_UNSURE", 0, "not sure: \(judgement.reason)"))
        }
        if let site = message.siteShare {
            tests.append(
                ("SITE_LABELS", 0, "this site's labels add \(site.sum.fixed(1)) to the log-odds"))
        }
        for label in message.otherLabels {
            tests.append(("LABEL_\(SpamdReport.symbol(label))", 0, "label \(label)"))
        }
        self.tests = tests
        self.reasons = reasons.map { ($0.text, $0.share) }
    }

    /// Of a message that was not judged.
    init(skipped reason: String, test: String, version: String, host: String) {
        self.version = version
        self.host = host
        finding = SpamdFinding(isSpam: false, points: 0)
        tests = [(test, 0, "not judged: \(reason)")]
        reasons = []
    }

    /// The names with commas.
    var symbols: String { tests.map(\.name).joined(separator: ",") }

    /// Lines as SpamAssassin's report has them, ended by LF.
    var text: String {
        let verdict = finding.isSpam ? "has identified" : "has NOT identified"
        var lines = [
            "siftd \(version), running on the system \"\(host)\",",
            "\(verdict) this incoming email as spam.",
            "",
            "Content analysis details:   "
                + "(\(finding.score) points, \(SpamdFinding.required) required)",
            "",
            " pts rule name              description",
            "---- ---------------------- "
                + "--------------------------------------------------",
        ]
        for (name, points, words) in tests {
            let shown = SpamdFinding(isSpam: finding.isSpam, points: points).score
            lines.append(
                String(repeating: " ", count: max(0, 4 - shown.count)) + shown + " "
                    + name.padding(
                        toLength: max(SpamdReport.nameWidth, name.count), withPad: " ",
                        startingAt: 0) + " " + words)
        }
        for (text, share) in reasons {
            let sign = share < 0 ? "" : "+"
            lines.append(
                String(repeating: " ", count: SpamdReport.nameWidth + 6)
                    + "\(SpamdReport.printable(text)) (\(sign)\(share.fixed(1)))")
        }
        return lines.map { $0 + "\n" }.joined() + "\n"
    }

    /// Columns of a test's name.
    private static let nameWidth = 22

    /// A label as part of a test's name.
    private static func symbol(_ label: String) -> String {
        String(
            decoding: label.uppercased().utf8.map { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) ? byte : 0x5F
            }, as: UTF8.self)
    }

    /// Words of a message, without what a terminal or a header field would obey.
    private static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isShown = scalar.value >= 0x20 && scalar.value < 0x7F || scalar.value > 0x9F
            result.unicodeScalars.append(isShown ? scalar : "?")
        }
        return result
    }
}

extension SpamdFinding {
    /// What a judgement says.
    init(_ judgement: Judgement) {
        self.init(isSpam: judgement.verdict == .spam, points: judgement.points)
    }
}
