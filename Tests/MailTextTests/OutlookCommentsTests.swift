import Testing

@testable import MailText

@Suite struct OutlookCommentsTests {
    @Test(
        "Conditional comments hold what Outlook shows",
        arguments: [
            ("a<!--[if mso]>x<![endif]-->b", "x\n"),
            ("<!--[if gte mso 9]>x<![endif]--><!--[if (mso)|(IE)]>y<![endif]-->", "x\ny\n"),
            ("<!--[IF MSO]>x<![ENDIF]-->", "x\n"), ("<!--[if gte vml 1]>x<![endif]-->", "x\n"),
            ("<!--[if !IE]>x<![endif]-->", "x\n"), ("<!--[if mso]>x-->y<![endif]-->", "x\n"),
            ("<!--[if mso]>x", "x\n"), ("<!--[if !mso]><!-->x<!--<![endif]-->", ""),
            ("<!--[if !mso]>x<![endif]-->", ""), ("<!--[if ! (mso)]>x<![endif]-->", ""),
            ("<!--[if IE]>x<![endif]-->", ""), ("<!-- [if mso]>x<![endif]-->", ""),
            ("<!-- x -->[if mso]>y", ""), ("<!--[if mso", ""), ("[", ""), ("", ""),
            ("<!--[if ( ! ( vml ) ) | mso]>x<![endif]-->", ""), ("<!--[if]>x<![endif]-->", ""),
            ("<!--[if x]>a<![endif]--><!--[if mso]>b<![endif]-->", "b\n"),
        ])
    func content(_ document: String, _ expected: String) {
        #expect(OutlookComments.content(of: document.bytes) == expected.bytes)
    }

    private let shown = "see you on monday"
    private let offer = (1...12).map { "offer\($0)" }.joined(separator: " ")

    private func views(_ comment: String) -> [MailView: String] {
        let message =
            "Content-Type: text/html\n\n<p>\(shown)</p><!--[if mso]><p>\(comment)</p><![endif]-->"
        let content = MailContent(message: message.bytes)
        let views = ([content] + content.otherViews).map {
            ($0.view, $0.body.text.split(separator: "\n").joined(separator: " "))
        }
        return Dictionary(uniqueKeysWithValues: views)
    }

    @Test("Text of its own in a conditional comment is a view, with its links")
    func view() throws {
        #expect(views(offer) == [.asSeen: shown, .outlook: "\(shown) \(offer)"])
        let linked = "Content-Type: text/html\n\n<p>\(shown)<!--[if mso]><a href=http://e.example/>"
        let content = MailContent(message: (linked + offer).bytes)
        let view = try #require(content.otherViews.first)
        #expect(content.body.marks.isEmpty && view.body.marks.count == 1)
        #expect(view.body.tagCounts == content.body.tagCounts)
    }

    @Test(
        "Neither styles nor a repetition nor spaces of Unicode keep words from the view",
        arguments: [
            "<i style='display:none'>OFFER</i>", "SHOWN SHOWN SHOWN SHOWN SHOWN OFFER",
            "OFFER&nbsp;", "<img alt='OFFER'>", "< OFFER",
        ])
    func words(_ comment: String) throws {
        let separator = comment.hasSuffix("&nbsp;") ? "&nbsp;" : " "
        let offer = self.offer.split(separator: " ").joined(separator: separator)
        let views = views(
            comment.replacing("OFFER", with: offer).replacing("SHOWN", with: shown))
        #expect(try #require(views[.outlook]).contains("offer12"))
    }

    @Test("What is wrong in a comment, and its tags, count for nothing else")
    func limits() throws {
        var limits = MailLimits()
        limits.tags = 100
        let tags = String(repeating: "<b></b>", count: 200)
        let message = """
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/html

            <p>\(shown)</p><!--[if mso]>\(offer)\(tags)<![endif]-->
            --b
            Content-Type: text/html

            <p>one<p hidden>two</p>
            --b--
            """
        let content = MailContent(message: message.bytes, limits: limits)
        #expect(content.defects.isEmpty && content.body.text == "\(shown)\none")
        #expect(content.otherViews.contains { $0.view == .outlook })
    }

    @Test(
        "A few words, a repetition, and frames without text are none",
        arguments: ["click here", "see you on monday", "<table><tr><td><![if x]>&nbsp;"])
    func noView(_ comment: String) { #expect(views(comment) == [.asSeen: shown]) }
}
