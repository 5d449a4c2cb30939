import MailText
import SiteLearning
import Testing

@Suite struct SenderIdentityTests {
    @Test("A sender has a mark of each kind, domains as registered, in lower case")
    func parts() {
        let sender = SenderIdentity(
            fromAddress: "News@Mail.Shop.co.uk", displayName: "The Shop",
            envelopeSender: "bounce-17@out.mailer.example", listID: "Deals.Shop.co.uk",
            clientHostName: "m7.mailer.example",
            verification: .init(author: true, envelopeSender: false, list: true))
        #expect(
            sender.parts.map { "\($0.kind) \($0.text) \($0.isVerified)" } == [
                "domain shop.co.uk true", "address news@mail.shop.co.uk true",
                "envelopeDomain mailer.example false", "list deals.shop.co.uk true",
                "clientDomain mailer.example true", "name the shop false",
            ])
    }

    @Test("Both forms of an international domain are one sender")
    func international() {
        let forms = ["news@MÜNCHEN.example", "news@xn--mnchen-3ya.example"].map {
            SenderIdentity(fromAddress: $0)
        }
        #expect(forms[0] == forms[1])
    }

    @Test("What is missing or too long is left out")
    func missing() {
        #expect(SenderIdentity(fromAddress: "nobody").parts.isEmpty)
        #expect(SenderIdentity(fromAddress: "").parts.isEmpty)
        #expect(SenderIdentity(fromAddress: "a@", envelopeSender: "a@").parts.isEmpty)
        #expect(SenderIdentity(fromAddress: "@a.example").parts.map(\.kind) == [.domain])
        let long = String(repeating: "a", count: 300)
        #expect(
            SenderIdentity(fromAddress: "\(long)@\(long).example", displayName: long, listID: long)
                .parts.isEmpty)
    }

    @Test("The header gives author, list, name, and Return-Path for an unknown envelope sender")
    func header() {
        let content = MailContent(
            message: Array(
                """
                Return-Path: <bounce@lists.example.org>
                From: "A. Person" <a@example.com>
                List-Id: The "list" <Dev.Lists.Example.org>

                Text
                """.utf8))
        let sender = SenderIdentity(content.header)
        #expect(
            sender.parts.map(\.text) == [
                "example.com", "a@example.com", "example.org", "dev.lists.example.org", "a. person",
            ])
        let known = SenderIdentity(
            content.header, envelopeSender: "x@other.example", clientHostName: "h.client.example")
        #expect(known.parts.map(\.text).contains("other.example"))
        #expect(known.parts.map(\.text).contains("client.example"))
    }
}
