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
            ("Ä@Ö.example", "ä", "ö.example", true),
        ])
    func parts(_ text: String, _ localPart: String, _ domain: String, _ hasAt: Bool) {
        let address = EmailAddress(text)
        #expect(address.localPart == localPart && address.domain == domain)
        #expect(address.hasAt == hasAt && address.description == text.lowercased())
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
