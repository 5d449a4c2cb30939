import FilterPolicy
import Testing

@Suite struct EmailAddressTests {
    @Test(
        "The last @ separates local part and domain, both in lower case",
        arguments: [
            ("User@Example.ORG", "user", "example.org", true),
            ("\"a@b\"@example.org", "\"a@b\"", "example.org", true),
            ("a@b@c", "a@b", "c", true),
            ("user@", "user", "", true), ("@example.org", "", "example.org", true),
            ("@", "", "", true), ("user", "user", "", false), ("", "", "", false),
        ])
    func parts(_ text: String, _ localPart: String, _ domain: String, _ hasAt: Bool) {
        let address = EmailAddress(text)
        #expect(address.localPart == localPart && address.domain == domain)
        #expect(address.hasAt == hasAt && address.description == text.lowercased())
    }

    @Test(
        "A domain is compared as A-labels, whichever form it has",
        arguments: [
            ("Ä@Ö.example", "ä", "xn--nda.example"),
            ("a@MÜNCHEN.example", "a", "xn--mnchen-3ya.example"),
            ("a@mu\u{308}nchen.example", "a", "xn--mnchen-3ya.example"),
            ("a@XN--mnchen-3YA.example", "a", "xn--mnchen-3ya.example"),
            ("a@例え。example", "a", "xn--r8jz45g.example"),
            ("a@faß.example", "a", "xn--fa-hia.example"), ("ü@example.org", "ü", "example.org"),
            ("a@ö..example", "a", "ö..example"), ("a@\u{200B}\u{202E}", "a", "\u{200B}\u{202E}"),
        ])
    func international(_ text: String, _ localPart: String, _ domain: String) {
        let address = EmailAddress(text)
        #expect(address.localPart == localPart && address.domain == domain)
        #expect(address.description == "\(localPart)@\(domain)")
        #expect(EmailAddress.domain(ofAddressOrDomain: text) == domain)
    }

    @Test("A text that is much too long for a domain is kept as it is")
    func longDomain() {
        let long = String(repeating: "ü", count: 100_000)
        #expect(EmailAddress("a@" + long).domain == long)
    }

    @Test("Addresses that differ in case only are the same")
    func equal() {
        #expect(EmailAddress("A@B.example") == EmailAddress("a@b.EXAMPLE"))
        #expect(EmailAddress("a@b.example") != EmailAddress("a@c.example"))
    }

    @Test(
        "A domain without an address is taken as the domain",
        arguments: [
            ("x@Example.org", "example.org"), ("Example.org", "example.org"), ("x@", ""),
            ("", ""), ("a@b@c", "c"),
        ])
    func addressOrDomain(_ text: String, _ domain: String) {
        #expect(EmailAddress.domain(ofAddressOrDomain: text) == domain)
    }
}
