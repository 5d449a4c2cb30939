import FilterTestKit
import MailText
import Models
import Scoring
import Testing
import TextFeatures

@Suite struct FeatureExtractionTests {
    private func facts(_ message: String) -> [String] {
        Document(MailContent(message: Array(message.utf8))).facts
    }

    private static let good =
        "From: Ann <ann@example.com>\nTo: b@example.org\nSubject: x\n"
        + "Message-ID: <1@mail.example.com>\n"

    @Test(
        "Header facts",
        arguments: [
            (good, ["h:mid-same"]),
            ("Subject: x\nTo: a@b.example\n", ["h:from-bad", "h:no-disp"]),
            ("From: <a@gmail.com>\nSubject: x\nTo: b", ["h:from-free", "h:no-disp"]),
            (good + "Reply-To: c@gmail.com\n", ["h:reply-diff", "h:reply-free", "h:mid-same"]),
            (good + "Reply-To: c@other.example.com\n", ["h:mid-same"]),
            (good + "Return-Path: <x@bounce.example.net>\n", ["h:env-diff", "h:mid-same"]),
            (good + "Return-Path: <>\n", ["h:mid-same"]),
            (
                "From: \"a@paypal.example\" <b@x.example>\n",
                ["h:disp-addr", "h:no-subj", "h:no-to"]
            ),
            (
                "From: A <a@x.example>\nTo: undisclosed-recipients:;\nSubject: s\nX-Priority: 1\n",
                ["h:undisc", "h:prio"]
            ),
        ])
    func header(_ header: String, _ expected: [String]) {
        #expect(facts(header + "\nbody") == expected)
    }

    @Test("Structure and tag facts")
    func structure() {
        let message = """
            \(FeatureExtractionTests.good)Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/html
            Content-Transfer-Encoding: base64

            PGI+b25lPC9iPiA8YSBocmVmPXg+dHdvPC9hPg==
            --b
            Content-Type: application/octet-stream; name="invoice.exe"

            x
            --b
            Content-Type: image/png

            x
            --b--
            """
        #expect(
            facts(message) == [
                "s:html-only", "s:att-exe", "s:att-img", "s:b64", "n:b:1", "n:a:1", "n:ratio:1",
                "h:mid-same",
            ])
    }

    @Test("Plain text from a data set has no facts")
    func plainText() {
        #expect(Document(MailContent(plainText: "Subject: x\n\nhello")).facts.isEmpty)
    }

    @Test("Beyond the token limit the text is cut, and the limit named", arguments: [false, true])
    func tokenLimit(isSeed: Bool) throws {
        var limits = MailLimits()
        limits.tokens = 10
        let words = String(repeating: "word ", count: 30)
        var content = MailContent(message: Array("Subject: x\n\n\(words)".utf8), limits: limits)
        let pipeline = try TextPipeline(isSeed ? .seed : .standard)
        let stream = pipeline.tokens(of: Document(content))
        #expect(stream.isTokenCut && stream.strings.filter { $0 == "word" }.count < 11)
        let model = try ScoringModel(TinyModel.shared.get())
        _ = model.ids(of: &content)
        #expect(content.defects == [.limitTokens])
    }

    @Test("Text that is longer than the pipeline reads is named")
    func textWindow() throws {
        let words = String(repeating: "word ", count: 15_000)
        var content = MailContent(message: Array("Subject: x\n\n\(words)".utf8))
        _ = try ScoringModel(TinyModel.shared.get()).ids(of: &content)
        #expect(content.defects == [.limitText])
    }
}
