import DomainNames
import Testing

@Suite struct PublicSuffixTests {
    @Test(
        "The registered domain is one label more than the public suffix",
        arguments: [
            ("example.com", "example.com"), ("mail.b.example.com", "example.com"),
            ("mail.example.co.uk", "example.co.uk"), ("WWW.Example.COM.", "example.com"),
            // Wildcards, exceptions, and private registries of the list.
            ("a.b.c.kobe.jp", "b.c.kobe.jp"), ("www.city.kobe.jp", "city.kobe.jp"),
            ("shop.someone.github.io", "someone.github.io"),
            // A top-level domain that is not in the list.
            ("a.b.example.example", "example.example"),
            // Both forms of an international name.
            ("www.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
            ("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
            ("MAIL.MÜNCHEN.de", "xn--mnchen-3ya.de"),
        ])
    func registered(_ name: String, _ expected: String) {
        #expect(PublicSuffix.registeredDomain(of: name) == expected)
        #expect(PublicSuffix.organization(of: name) == expected)
    }

    @Test(
        "What nobody can register has no registered domain",
        arguments: [
            "", ".", "com", "co.uk", "kobe.jp", "localhost", "192.0.2.1", ".example.com",
            "a..example.com", "two words.com", "a\0.com",
            String(repeating: "a", count: 64) + ".com",
            String(repeating: "a.", count: 130) + "com",
        ])
    func none(_ name: String) {
        #expect(PublicSuffix.registeredDomain(of: name) == nil)
    }

    @Test("A top-level domain exists when the list has it", arguments: ["com", "berlin", "みんな"])
    func existing(_ label: String) {
        #expect(PublicSuffix.isTopLevelDomain(label))
        #expect(PublicSuffix.isTopLevelDomain(DomainName.ascii(label)))
    }

    @Test(
        "Any other label is none",
        arguments: ["", "example", "pdf", "co.uk", "github.io", "1", "a b", "exe\0com"])
    func missing(_ label: String) {
        #expect(!PublicSuffix.isTopLevelDomain(label))
    }

    @Test("A name without a registered domain is its own organisation")
    func organization() {
        #expect(PublicSuffix.organization(of: "Localhost") == "localhost")
        #expect(PublicSuffix.organization(of: "192.0.2.1") == "192.0.2.1")
    }
}
