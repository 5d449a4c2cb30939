import Testing

@testable import MailText

@Suite struct MailAddressTests {
    @Test(
        "The first mailbox of a field is read",
        arguments: [
            ("a@example.org", "", "a", "example.org"),
            ("<a@Example.ORG>", "", "a", "example.org"),
            ("Ann Bee <a.b@example.org>", "Ann Bee", "a.b", "example.org"),
            ("\"Bee, Ann\" <a@example.org>", "Bee, Ann", "a", "example.org"),
            ("\"a <b>\" <c@example.org>", "a <b>", "c", "example.org"),
            (#""Ann \"A\" Bee" <a@example.org>"#, "Ann A Bee", "a", "example.org"),
            ("=?utf-8?Q?Ren=C3=A9?= <r@example.org>", "René", "r", "example.org"),
            ("a@example.org (Ann Bee)", "Ann Bee", "a", "example.org"),
            ("a@example.org, b@example.net", "", "a", "example.org"),
            ("a@example.org; b@example.net", "", "a", "example.org"),
            ("A <a@example.org>, B <b@example.net>", "A", "a", "example.org"),
            ("<a@example.org", "", "a", "example.org"),
            ("b@example.net <a@example.org>", "b@example.net", "a", "example.org"),
            ("\"x@y\"@example.org", "", "\"x@y\"", "example.org"),
            ("ä@bücher.example", "", "ä", "bücher.example"),
            ("\"unclosed <a@example.org>", "unclosed", "a", "example.org"),
            // No usable address.
            ("Ann Bee", "", "", ""), ("", "", "", ""), ("<>", "", "", ""),
            ("Ann <a@localhost>", "Ann", "", ""), ("@example.org", "", "", ""),
            ("<a@exa mple.org>", "", "", ""), ("undisclosed-recipients:;", "", "", ""),
        ])
    func read(_ field: String, _ name: String, _ local: String, _ domain: String) {
        var defects: Set<Defect> = []
        let address = MailAddress(field.slice, defects: &defects)
        #expect(address.displayName == name)
        #expect(address.localPart == local)
        #expect(address.domain == domain)
        #expect(defects.isEmpty)
    }

    @Test(
        "The organisation is the registered part of the domain",
        arguments: [
            ("example.org", "example.org"), ("mail.example.org", "example.org"),
            ("a.b.example.org", "example.org"), ("example.co.uk", "example.co.uk"),
            ("mail.example.co.uk", "example.co.uk"), ("x.y.example.com.br", "example.com.br"),
            ("mail.example.de", "example.de"), ("co.example.com", "example.com"),
            ("localhost", "localhost"), ("", ""), ("mail.gouv.fr", "mail.gouv.fr"),
        ])
    func organization(_ domain: String, _ organization: String) {
        #expect(MailAddress.organization(of: domain) == organization)
        var address = MailAddress()
        address.domain = domain
        #expect(address.organization == organization)
    }
}
