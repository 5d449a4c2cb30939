import MailText
import Models
import Testing
import TextFeatures

@Suite struct AuthorFactsTests {
    private func facts(
        _ from: String, _ text: String, html: String = "", date: String = ""
    ) -> Set<String> {
        let type = html.isEmpty ? "text/plain" : "text/html"
        let message =
            "From: \(from)\nTo: a@b.example\nSubject: News\n\(date)"
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
        #expect(!facts.contains { $0.hasPrefix("h:org-") || $0 == "h:dom-digits" })
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

    @Test(
        "A mailbox or a host of a service is a fact",
        arguments: [
            ("noreply@shop.example", ["user"]), ("No-Reply@shop.example", ["user"]),
            ("news2@e.shop.example", ["dom", "user"]), ("ann@mail.shop.example", ["dom"]),
            ("ann.info@shop.example", []), ("ann@mail.example", []), ("a@annmail.shop.example", []),
            ("news@gmail.com", ["user"]), ("1@2.shop.example", []),
        ])
    func roles(_ from: String, _ expected: [String]) {
        let found = facts(from, "x").filter { $0.hasSuffix("-role") }
        #expect(found == Set(expected.map { "h:\($0)-role" }))
    }

    @Test(
        "A text has the author's name, a part of it, or nothing",
        arguments: [
            ("Ann Miller <x@y.example>", "Best, Ann Miller", "h:signed"),
            ("Ann Miller <x@y.example>", "MILLER, ANN", "h:signed"),
            ("Ann Miller <x@y.example>", "Thanks\nAnn", nil),
            ("Ann Miller <x@y.example>", "Anna Millerton", nil),
            ("Ann Miller <x@y.example>", "The planner", "h:unsigned"),
            ("Ann Miller <x@y.example>", "Best, Ann " + long + "Miller", "h:signed"),
            ("Ann Miller <x@y.example>", "ann.miller@y.example", "h:unsigned"),
            ("Jörg Müller <x@y.example>", "Gruß, Jörg Müller", "h:signed"),
            ("Jörg Müller <x@y.example>", "Gruß, Joerg Mueller", "h:signed"),
            ("Иван Петров <x@y.example>", "С уважением, Иван Петров", "h:signed"),
            ("Иван Петров <x@y.example>", "С уважением", "h:unsigned"),
            (
                "\u{5F20}\u{4F1F} <x@y.example>", "\u{795D}\u{597D}\u{FF0C}\u{5F20}\u{4F1F}",
                "h:signed"
            ),
            ("Support Team <x@y.example>", "The Support Team", nil),
            ("Ann Miller <x7@gmail.com>", "Best, Ann Miller", "h:signed"),
            ("\"ann@z.example\" <x@y.example>", "ann", nil), ("<x@y.example>", "x", nil),
        ] as [(String, String, String?)])
    func signed(_ from: String, _ text: String, _ expected: String?) {
        let found = facts(from, text).filter { $0.hasSuffix("signed") }
        #expect(found == Set([expected].compactMap(\.self)))
    }

    @Test(
        "A text has the year of Date, or others",
        arguments: [
            ("Copyright 2024 Acme", "Fri, 1 Mar 2024 10:00:00 +0000", "h:year-now"),
            ("on 1/2/2024, at noon", "Fri, 1 Mar 2024 10:00:00 +0000", "h:year-now"),
            ("\u{A9}2024\u{5E74}", "Fri, 1 Mar 2024 10:00:00 +0000", "h:year-now"),
            ("Since 1999 and 2024", "Fri, 1 Mar 2024 10:00:00 +0000", "h:year-now"),
            ("Since 1999", "Fri, 1 Mar 2024 10:00:00 +0000", "h:year-other"),
            ("2025", "Tue, 31 Dec 2024 23:30:00 +0000", "h:year-other"),
            ("2024", "Tue, 31 Dec 2024 23:59:59 +0000", "h:year-now"),
            ("2025", "Tue, 31 Dec 2024 23:30:00 -0100", "h:year-now"),
            ("2024", "Thu, 29 Feb 2024 00:00:00 +0000", "h:year-now"),
            ("2000", "Sat, 1 Jan 2000 00:00:00 +0000", "h:year-now"),
            ("20240 x2024 2024x 12024 1066 2400", "Fri, 1 Mar 2024 10:00:00 +0000", nil),
            (long + "2024", "Fri, 1 Mar 2024 10:00:00 +0000", "h:year-now"),
            ("2024", "yesterday", nil), ("", "Fri, 1 Mar 2024 10:00:00 +0000", nil),
        ] as [(String, String, String?)])
    func years(_ text: String, _ date: String, _ expected: String?) {
        let found = facts("a@b.example", text, date: "Date: \(date)\n")
            .filter { $0.hasPrefix("h:year-") }
        #expect(found == Set([expected].compactMap(\.self)))
    }

    @Test("Facts about the author stand in front of all others, those beside the network first")
    func order() {
        let message =
            "From: Ann <a1b2c3@shop.example>\nReply-To: b@c.example\nX-Priority: 1\n"
            + "Date: 1 Mar 2024 10:00:00 +0000\nContent-Type: text/html\n\n<p>Ann 2024"
        let facts = Document(MailContent(message: Array(message.utf8))).facts
        let author = Set(ModelToken.Header.allCases.filter { $0.signOfAuthor != nil }.map(\.token))
        let front = facts.prefix(while: author.contains)
        #expect(front.count >= 4 && !facts.dropFirst(front.count).contains(where: author.contains))
        #expect(facts.count > front.count)
        let beside = Set(ModelToken.Header.allCases.filter(\.isBesideNetwork).map(\.token))
        let first = front.prefix(while: beside.contains)
        #expect(first.count >= 2 && !front.dropFirst(first.count).contains(where: beside.contains))
    }
}
