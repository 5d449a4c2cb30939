import MailText
import Models
import Testing
import TextFeatures

@Suite struct AuthorFactsTests {
    private func facts(_ from: String, _ text: String, html: String = "") -> Set<String> {
        let type = html.isEmpty ? "text/plain" : "text/html"
        let message =
            "From: \(from)\nTo: a@b.example\nSubject: News\n"
            + "Content-Type: \(type); charset=utf-8\n\n\(text)\(html)\n"
        return Set(Document(MailContent(message: Array(message.utf8))).facts)
    }

    @Test(
        "The author's name is compared with the address",
        arguments: [
            ("Williams Sonoma <offers@e.williams-sonoma.com>", "h:name-org"),
            ("ASUS United States <noreply@nedm.asus.com>", "h:name-org"),
            ("Evergreen Care <system@evergreentlc.com>", "h:name-org"),
            ("Amazon Web Services <no-reply@aws.example>", "h:name-org"),
            ("HP <noreply@hp.com>", "h:name-org"),
            ("H&M <hello@email.hm.com>", "h:name-org"),
            ("Die Post <noreply@post.ch>", "h:name-org"),
            ("Stadtbibliothek <noreply@bibliothek-koeln.example>", "h:name-org"),
            ("Oikos <info@oikos.hosted-shops.example>", "h:name-org"),
            ("Caf\u{E9} Olé <hello@cafeole.example>", "h:name-org"),
            ("Müller <service@mueller.de>", "h:name-org"),
            ("\u{1D40F}\u{1D42B}\u{1D422}\u{1D426}\u{1D41E} <x@prime.example>", "h:name-org"),
            ("Ann Miller <ann.miller@gmail.com>", "h:name-user"),
            ("Miller, Ann <amiller@shop.example>", "h:name-user"),
            ("Robert Smith <rob@shop.example>", "h:name-user"),
            ("Dana Smith <dsmith@mit.edu>", "h:name-user"),
            ("Jörg Müller <joerg.mueller@gmx.de>", "h:name-user"),
            ("Bjørn <bjorn@shop.example>", "h:name-user"),
            ("Gmail Team <team@gmail.com>", "h:name-other"),
            ("Your Bank <info@tree-care.example>", "h:name-other"),
            ("Account Verification <x@location-x.example>", "h:name-other"),
            ("Education Center <x@vacationdeals.example>", "h:name-other"),
        ])
    func name(_ from: String, _ expected: String) {
        #expect(facts(from, "x").filter { $0.hasPrefix("h:name-") } == [expected])
    }

    @Test(
        "A name that can't be compared is no fact",
        arguments: [
            "<a@shop.example>", "a@shop.example", "\u{5F20}\u{4F1F} <zw@shop.example>",
            "\u{697D}\u{5929} A <x@shop.example>", "\"a@bank.example\" <b@x.example>",
            "Stadt München <info@m\u{FC}nchen.de>",
            // Words of all kinds of senders tell nothing.
            "Customer Service <service@service-portal24.example>", "The Team <info@x.example>",
        ])
    func noName(_ from: String) {
        #expect(!facts(from, "x").contains { $0.hasPrefix("h:name-") })
    }

    /// A text of more than is searched as one piece.
    private static let long = String(repeating: "word ", count: 4_000)

    @Test(
        "The text names the author's organisation, shows its domain, or does neither",
        arguments: [
            ("a@mail.williams-sonoma.com", "The Williams Sonoma catalogue", "h:org-named"),
            ("a@dub.example", "Welcome to Dub!", "h:org-named"),
            ("a@credit-agricole.fr", "Votre banque Crédit Agricole", "h:org-named"),
            ("a@mueller.de", "Ihr Müller Team", "h:org-named"),
            ("a@kaercher.com", "Jetzt bei Kärcher", "h:org-named"),
            ("a@acme.example", "Buy from Acme/Beta", "h:org-named"),
            ("a@dublin.example", "The Dublineria", "h:org-named"),
            ("a@acme.example", "Acme " + long, "h:org-named"),
            ("a@acme.example", long + "Acme", "h:org-named"),
            ("a@acme.example", long + "Acme" + long, "h:org-absent"),
            // A short name must be words of its own, any name must begin one.
            ("a@dub.example", "Dublin is nice", "h:org-absent"),
            ("a@ring.example", "dear sir, offering loans", "h:org-absent"),
            ("a@heat.example", "see the attached bill", "h:org-absent"),
            ("a@promo.qzxv.example", "Best promo ever", "h:org-absent"),
            ("a@dub.hosted-shops.example", "Welcome to Hosted Shops", "h:org-named"),
            ("a@dublin.hosted-shops.example", "Welcome to Dublin", "h:org-named"),
            ("a@dublin.example", "Write to a@dublin.example.", "h:org-shown"),
            ("a@dublin.example", "See https://www.dublin.example/x", "h:org-shown"),
            ("a@dublin.example", "See www.dublin.example", "h:org-shown"),
            ("a@dublin.example", "A pill that doctors hate", "h:org-absent"),
        ])
    func organization(_ from: String, _ text: String, _ expected: String) {
        #expect(facts(from, text).filter { $0.hasPrefix("h:org-") } == [expected])
    }

    @Test(
        "Providers, international and reserved names are no organisation to name",
        arguments: [
            "ann@gmail.com", "ann@yahoo.de", "a@b\u{FC}cher.example", "a@amt.k\u{F6}ln.de",
            "ann@localhost", "ann@example.com", "ann@mail.example.fr", "ann@192.0.2.1", "ann@i.com",
        ])
    func noOrganization(_ from: String) {
        let facts = facts(from, "gmail example yahoo amt 192 i")
        #expect(!facts.contains { $0.hasPrefix("h:org-") || $0.hasPrefix("h:dom-") })
    }

    @Test("Domains that are no names of the DNS have no facts, however long")
    func longDomain() {
        let name = String(repeating: "a", count: 20_000)
        #expect(!facts("x@\(name).com", "a \(name)").contains { $0.hasPrefix("h:org-") })
    }

    @Test(
        "Links lead to the author's site or to others, in the text, too",
        arguments: [
            ("See https://a.x.example/1, HTTP://B.shop.example/2 (http://x.example).", "own"),
            ("Visit http://www.shop.example or call us", "own"),
            ("At http://www.shop.example, or (http://shop.example): ok", "own"),
            ("https://user@Shop.example:8080/x", "own"),
            ("http://pills.example contact sales@shop.example", "other"),
            ("http://www.m\u{FC}nchen.example/x", "other"),
            ((1...9).map { "http://s\($0).example/ " }.joined(), "other"),
        ])
    func sites(_ text: String, _ expected: String) {
        let sites = facts("a@shop.example", text).filter { $0.hasPrefix("h:links-") }
        #expect(sites == ["h:links-\(expected)"])
    }

    @Test("Links of HTML are looked at, other schemes are not; free mail has no sites of its own")
    func links() {
        let html = "<a href=\"https://user@Shop.example:8080/x\">1</a> <a href=mailto:a@b.c>2</a>"
        #expect(facts("a@shop.example", "", html: html).contains("h:links-own"))
        let none = facts("a@shop.example", "ftp://x http: //y.example mailto:a@b.example")
        #expect(!none.contains { $0.hasPrefix("h:links-") })
        #expect(!facts("a@gmail.com", "http://x.example/").contains { $0.hasPrefix("h:links-") })
    }

    @Test("Digits in the address and its top-level domain are facts")
    func address() {
        #expect(
            facts("a1b2c3@x.shop", "x").isSuperset(of: ["h:user-digits", "h:tld-shop"]))
        #expect(facts("a1@portal24.co.uk", "x").isSuperset(of: ["h:dom-digits", "h:tld-uk"]))
        #expect(!facts("a1@x.example", "x").contains("h:user-digits"))
    }
}
