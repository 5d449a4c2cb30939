import FilterPolicy
import Testing

@Suite struct AuthenticationResultsTests {
    @Test(
        "Only passing results with our authserv-id prove a domain",
        arguments: [
            ("mx.example.org; dmarc=pass header.from=example.com", true),
            ("MX.example.org; DMARC=Pass header.from=Example.com", true),
            ("mx.example.org 1; dkim=pass (good) header.d=example.com header.s=x", true),
            (
                "mx.example.org; spf=fail smtp.mailfrom=a.example; dkim=pass header.d=example.com",
                true
            ),
            ("mx.example.org; dkim=pass header.d=mail.example.com", false),
            ("mx.example.org; dkim=fail header.d=example.com", false),
            ("mx.example.org; dkim=pass header.d=com", false),
            ("other.example.org; dmarc=pass header.from=example.com", false),
            ("mx.example.org; spf=pass smtp.mailfrom=example.com", false),
            ("mx.example.org (x; dmarc=pass header.from=example.com)", false),
            ("mx.example.org; spf=none reason=\"; dmarc=pass header.from=example.com\"", false),
            ("mx.example.org.evil.example; dmarc=pass header.from=example.com", false),
            ("mx.example.org; none", false), ("", false), (";;=;", false),
        ])
    func author(_ field: String, _ isProved: Bool) {
        let results = AuthenticationResults([field], authservID: "mx.example.org")
        #expect(results.provesAuthor("boss@example.com") == isProved)
        #expect(!AuthenticationResults([field], authservID: "").provesAuthor("b@example.com"))
    }

    @Test("SPF proves the envelope sender's domain, a signature also the domains below")
    func sender() {
        let results = AuthenticationResults(
            [
                "mx.example.org; spf=pass smtp.mailfrom=bounce@lists.example.net",
                "mx.example.org; dkim=pass header.d=example.com",
            ], authservID: "mx.example.org")
        #expect(results.provesSender("x@lists.example.net"))
        #expect(!results.provesSender("x@example.net"))
        #expect(results.provesAuthor("x@news.example.com"))
        #expect(!results.provesAuthor("x@newsexample.com"))
    }

    @Test("The fields add up; addresses and domains are compared in any case")
    func severalFields() {
        let results = AuthenticationResults(
            [
                "MX.example.org; dmarc=pass header.from=A.example",
                "other.example.org; dmarc=pass header.from=b.example",
                "mx.example.org; spf=pass smtp.mailfrom=X@C.example",
            ], authservID: "mx.Example.org")
        #expect(results.provesAuthor("x@a.EXAMPLE") && !results.provesAuthor("x@b.example"))
        #expect(results.provesSender("y@c.example") && !results.provesSender("y@a.example"))
    }

    @Test(
        "Of an address with several @ the last one counts, and an empty domain proves nothing",
        arguments: [
            ("\"a@bank.example\"@evil.example", "x@bank.example", false),
            ("\"a@bank.example\"@evil.example", "x@evil.example", true),
            ("x@", "y@", false), ("@", "", false), ("x@bank.example@", "y@bank.example", false),
        ])
    func lastAt(_ property: String, _ sender: String, _ isProved: Bool) {
        let field = "mx; spf=pass smtp.mailfrom=\(property)"
        #expect(AuthenticationResults([field], authservID: "mx").provesSender(sender) == isProved)
    }

    @Test(
        "Comments may nest and quotes hide separators",
        arguments: [
            ("mx (a (b); c); dmarc=pass (d) header.from=a.example", true),
            ("mx; dmarc=pass reason=\"x; y (\" header.from=a.example", true),
            ("mx; dmarc=pass (header.from=a.example", false),
            ("mx;\r\n\tdmarc=pass\r\n\theader.from=a.example", true),
        ])
    func syntax(_ field: String, _ isProved: Bool) {
        let results = AuthenticationResults([field], authservID: "mx")
        #expect(results.provesAuthor("x@a.example") == isProved)
    }
}
