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
            // What is in an encoded word is part of the name (RFC 2047 section 6.2).
            ("=?utf-8?B?TWF4IDw=?= <eve@example.net>", "Max <", "eve", "example.net"),
            (
                "=?utf-8?Q?Max_<max=40example.com>,?= <eve@example.net>",
                "Max <max@example.com>,", "eve", "example.net"
            ),
            ("=?utf-8?Q?Max_:?= eve@example.net", "Max :", "eve", "example.net"),
            ("=?utf-8?Q?Max_(?= <eve@example.net> (x)", "Max (", "eve", "example.net"),
            ("=?utf-8?Q?Max Moritz?= <eve@example.net>", "Max Moritz", "eve", "example.net"),
            ("=?utf-8?Q?<max=40example.com>?=", "", "", ""),
            (
                "=?utf-8?Q?Max <eve@example.net>, B ?= <b@a.example>",
                "=?utf-8?Q?Max", "eve", "example.net"
            ),
            // Comments, routes, groups and stray marks.
            ("(Eve) eve@example.net", "Eve", "eve", "example.net"),
            (
                "(a (nested) <x@y.example>) eve@example.net", "a (nested) <x@y.example>", "eve",
                "example.net"
            ),
            ("eve (home) @ (work) example.net", "home", "eve", "example.net"),
            ("<eve(home)@example.net>", "", "eve", "example.net"),
            ("eve @ example . net", "", "eve", "example.net"),
            ("< eve @ example.net >", "", "eve", "example.net"),
            ("Eve < <eve@example.net>", "Eve", "eve", "example.net"),
            ("Eve <<eve@example.net>>", "Eve", "eve", "example.net"),
            ("Eve <> <eve@example.net>", "Eve", "eve", "example.net"),
            ("Eve <@relay.example.com:eve@example.net>", "Eve", "eve", "example.net"),
            ("<@a.example,@b.example:eve@example.net>", "", "eve", "example.net"),
            ("Friends: eve@example.net;", "Friends", "eve", "example.net"),
            ("Friends: Eve <eve@example.net>, b@a.example;", "Eve", "eve", "example.net"),
            ("None:; eve@example.net", "None", "eve", "example.net"),
            ("eve@example.net; Bob <bob@example.com>", "", "eve", "example.net"),
            ("eve@example.net, Bob <bob@example.com>", "", "eve", "example.net"),
            ("root@localhost, eve@example.net", "", "eve", "example.net"),
            ("Bee, Ann <a@example.org>", "Bee, Ann", "a", "example.org"),
            ("Ann Bee a@example.org", "Ann Bee", "a", "example.org"),
            ("mailto:eve@example.net", "", "eve", "example.net"),
            ("<mailto:eve@example.net>", "", "eve", "example.net"),
            ("<\"eve@example.net\">", "", "eve", "example.net"),
            ("<eve@example.net.>", "", "eve", "example.net"),
            ("<eve@example.net, Bob", "", "eve", "example.net"),
            ("Eve <eve@example.net, Bob <bob@example.com>", "Eve", "eve", "example.net"),
            ("Eve (unclosed <eve@example.net>", "Eve unclosed", "eve", "example.net"),
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

    @Test("Bytes outside ASCII are in the charset of the message")
    func messageCharset() {
        var defects: Set<Defect> = []
        let field = [0xC3, 0xE2, 0xB7, 0xD1] + " <a@example.org>".bytes
        let address = MailAddress(field[...], messageCharset: "gb2312", defects: &defects)
        #expect(address.displayName == "免费")
        #expect(
            MailAddress("免费 <a@b.example>".slice, messageCharset: "koi8-r", defects: &defects)
                .displayName == "免费")
        #expect(defects.isEmpty)
    }

    @Test(
        "A field full of openings costs linear time", .timeLimit(.minutes(1)),
        arguments: [
            "(", "\"", "<", "<(", "\"\\", "(\\)", ":", ",", "@,", "=?a?Q?", "=?a?Q?< ", "<a,",
            "( \")<",
        ])
    func hostile(_ opening: String) {
        var defects: Set<Defect> = []
        let field = String(repeating: opening, count: 64 * 1_024 / opening.utf8.count)
        #expect(MailAddress(field.slice, defects: &defects).domain.isEmpty)
        let ended = MailAddress((field + ">\")?= a@b.example").slice, defects: &defects)
        #expect(ended.displayName.utf8.count <= field.utf8.count)
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
