import Corpora
import FilterTestKit
import Foundation
import Learning
import MailText
import Models
import Scoring
import Testing

@Suite struct ScoreExplanationTests {
    private func explain(_ content: MailContent, limit: Int = 20) throws -> ScoreExplanation {
        try ScoringModel(TinyModel.shared.get()).explain(content, limit: limit)
    }

    @Test(
        "Base, reasons and the rest add up to the probability's logit", arguments: [0, 1, 3, 100])
    func sums(limit: Int) throws {
        for label in Label.allCases {
            let content = MailContent(message: TinyModel.message(label, 700))
            let explanation = try explain(content, limit: limit)
            let sum = explanation.reasons.reduce(explanation.base + explanation.others) {
                $0 + $1.share
            }
            #expect(abs(sum - explanation.logit) < 1e-9)
            #expect(abs(1 / (1 + exp(-sum)) - explanation.probability) < 1e-6)
            #expect(explanation.reasons.count <= limit)
        }
    }

    @Test("The words that matter are named as they are written")
    func names() throws {
        let html =
            "Subject: Ｖｉａｇｒａ\nContent-Type: text/html; charset=utf-8\n\n"
            + "<p>CHEAP pi&#8203;lls, dis<b></b>count for <a href='http://x.example/'>you</a>"
        let explanation = try explain(MailContent(message: Array(html.utf8)))
        let texts = explanation.reasons.map(\.text)
        let written = ["Ｖｉａｇｒａ", "CHEAP", "pills", "discount"]
        let found = written.filter { word in texts.contains { $0.contains(word) } }
        #expect(found.count >= 2, "only \(found) in \(texts)")
        #expect(texts.allSatisfy { !$0.contains("viagra") && !$0.contains("cheap") })
    }

    @Test("Nothing of a message can act on a terminal or a header field")
    func harmless() throws {
        let text = "Subject: viagra\u{1B}[31m pills\n\ncheap\u{7} discount\u{202E} offer\r\n winner"
        let explanation = try explain(MailContent(message: Array(text.utf8)))
        for reason in explanation.reasons {
            #expect(
                reason.text.unicodeScalars.allSatisfy {
                    $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0x202E
                })
        }
    }

    @Test("An empty message is its base")
    func empty() throws {
        let explanation = try explain(MailContent(plainText: ""), limit: 0)
        #expect(abs(explanation.base + explanation.others - explanation.logit) < 1e-9)
    }
}
