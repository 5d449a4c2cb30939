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
            ("Stadtbibliothek <noreply@bibliothek-koeln.example>", "h:name-org"),
            ("Oikos <info@oikos.hosted-shops.example>", "h:name-org"),
            ("Caf\u{E9} Olé <hello@cafeole.example>", "h:name-org"),
            ("\u{1D40F}\u{1D42B}\u{1D422}\u{1D426}\u{1D41E} <x@prime.example>", "h:name-org"),
            ("Ann Miller <ann.miller@gmail.com>", "h:name-user"),
            ("Miller, Ann <amiller@shop.example>", "h:name-user"),
            ("Gmail Team <team@gmail.com>", "h:name-other"),
            ("Your Bank <info@tree-care.example>", "h:name-other"),
            // Words of all kinds of senders tell nothing.
            ("Customer Service <service@service-portal24.example>", "h:name-other"),
            ("The Team <info@the-info.example>", "h:name-other"),
        ])
    func name(_ from: String, _ expected: String) {
        #expect(facts(from, "x").filter { $0.hasPrefix("h:name-") } == [expected])
    }

    @Test(
        "A name that can't be compared is no fact",
        arguments: [
            "<a@shop.example>", "a@shop.example", "\u{5F20}\u{4F1F} <zw@shop.example>",
            "\"a@bank.example\" <b@x.example>",
        ])
    func noName(_ from: String) {
        #expect(!facts(from, "x").contains { $0.hasPrefix("h:name-") })
    }

    @Test(
        "The text names the author's organisation, shows its domain, or does neither",
        arguments: [
            ("a@mail.williams-sonoma.com", "The Williams Sonoma catalogue", "h:org-named"),
            ("a@dub.example", "Welcome to Dub!", "h:org-named"),
            // A short name must be a word of its own.
            ("a@dub.example", "Dublin is nice", "h:org-absent"),
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
            "ann@gmail.com", "a@b\u{FC}cher.example", "ann@localhost", "ann@example.com",
            "ann@mail.example.fr",
        ])
    func noOrganization(_ from: String) {
        #expect(!facts(from, "gmail example").contains { $0.hasPrefix("h:org-") })
    }

    @Test("Sites are counted by organisation, in links and in the text, up to nine and more")
    func sites() {
        let many = (1...9).map { "http://s\($0).example/ " }.joined()
        let some = "See https://a.shop.example/1, HTTP://B.shop.example/2 or (http://x.example)."
        #expect(facts("a@shop.example", some).isSuperset(of: ["h:links-own", "n:sites:2"]))
        #expect(facts("a@w.example", some).isSuperset(of: ["h:links-other", "n:sites:2"]))
        #expect(facts("a@w.example", many).contains("n:sites:4"))
        let html = "<a href=\"https://user@Shop.example:8080/x\">1</a> <a href=mailto:a@b.c>2</a>"
        #expect(
            facts("a@shop.example", "", html: html).isSuperset(of: ["h:links-own", "n:sites:1"]))
        let none = facts("a@shop.example", "ftp://x http: //y.example mailto:a@b.example")
        #expect(!none.contains { $0.hasPrefix("n:sites:") || $0.hasPrefix("h:links-") })
    }

    @Test("Digits in the address and its top-level domain are facts")
    func address() {
        #expect(
            facts("a1b2c3@x.shop", "x").isSuperset(of: ["h:user-digits", "h:tld-shop"]))
        #expect(facts("a1@portal24.co.uk", "x").isSuperset(of: ["h:dom-digits", "h:tld-uk"]))
        #expect(!facts("a1@x.example", "x").contains("h:user-digits"))
    }
}
