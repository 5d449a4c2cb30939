import Testing

@testable import MailText

@Suite struct LinkComparisonTests {
    @Test(
        "A link misleads when it shows the host of another organisation",
        arguments: [
            ("http://bank.example/", "http://evil.example/"),
            ("https://bank.com", "https://evil.com/x"),
            ("www.bank.com", "http://evil.com"), ("bank.com/login", "http://evil.com"),
            ("bank.co.uk", "http://bank.evil.co.uk"), (" BANK.com ", "http://evil.com"),
            ("bank.com", "http:\\\\evil.com"), ("bank.com", "http://bank.com@evil.com/"),
            ("http:bank.com", "HTTPS:/evil.com"), ("bank.com:443", "http://evil.com"),
            ("bank.com.", "http://evil.com"), ("bank.de", "http://evil.com"),
            ("bücher.de", "http://evil.com?x"), ("http://bank.nosuch", "http://evil.com"),
            ("bank.berlin", "http://evil.com"), ("bank.asso.fr", "http://evil.asso.fr"),
            ("bank.github.io", "http://evil.github.io"), ("bank.みんな", "http://evil.com"),
        ])
    func misleading(_ shown: String, _ target: String) {
        #expect(LinkComparison.misleads(shown: shown.slice, target: target))
    }

    @Test(
        "A link does not mislead when it shows no host, or one of the same organisation",
        arguments: [
            ("click here", "http://evil.com"), ("", "http://evil.com"),
            ("bank.com", "http://bank.com"),
            ("www.bank.com", "https://mail.BANK.com/x?y"), ("bank.co.uk", "http://www.bank.co.uk"),
            ("bank.com", "mailto:x@evil.com"), ("bank.com", "/path"),
            ("bank.com", "http://localhost"),
            ("ann@bank.com", "http://evil.com"), ("see bank.com", "http://evil.com"),
            ("bank.nosuch", "http://evil.com"),
            ("shop.bank.github.io", "http://bank.github.io"), ("photos.zip", "http://evil.com"),
            ("readme.md", "http://evil.com"), ("script.py", "http://evil.com"),
            ("report.pdf", "http://evil.com"), ("Inc.", "http://evil.com"),
            ("e.g", "http://evil.com"),
            ("1.99", "http://evil.com"), ("a..com", "http://evil.com"),
            ("bank.com", "http://bank.com."),
            ("http://localhost", "http://evil.com"), ("http://", "http://evil.com"),
        ])
    func honest(_ shown: String, _ target: String) {
        #expect(!LinkComparison.misleads(shown: shown.slice, target: target))
    }

    @Test("Text of more than 300 bytes is no address")
    func long() {
        let shown = "http://bank.com/" + String(repeating: "x", count: 285)
        #expect(!LinkComparison.misleads(shown: shown.slice, target: "http://evil.com"))
        #expect(
            LinkComparison.misleads(
                shown: shown.dropLast().description.slice, target: "http://evil.com"))
    }
}
