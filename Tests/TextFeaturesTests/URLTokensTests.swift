import Testing
import TextFeatures

@Suite struct URLTokensTests {
    private func tokens(_ urls: [String]) -> String {
        var reader = URLTokens()
        var stream = TokenStream()
        for url in urls { reader.append(url.utf8, to: &stream) }
        return stream.strings.joined(separator: " ")
    }

    @Test(
        "Tokens of one URL",
        arguments: [
            ("http://shop.example.com/", "tld:com u:shop u:example"),
            ("https://www.example.com", "tld:com u:example"),
            ("http://a.b.example.co.uk/", "<url:deep> tld:uk u:example u:co"),
            ("http://www.example.co.uk/", "tld:uk u:example u:co"),
            ("HTTP://Example.COM/", "tld:com u:example"),
            ("//cdn.example.net/x", "tld:net u:cdn u:example"),
            ("www.example.org", "tld:org u:example"),
            ("custom://app.example/x", "tld:example u:app"),
            ("http:\\\\shop.example", "tld:example u:shop"),
            ("http:////shop.example", "tld:example u:shop"),
            ("http://shop.example\\path", "tld:example u:shop"),
            ("http://shop.example?q=1", "tld:example u:shop <url:q>"),
            ("http://shop.example#part", "tld:example u:shop"),
            ("http://shop.example./", "tld:example u:shop"),
            ("http://10.0.0.1:8080/", "<url:ip> <url:port>"),
            ("http://10.0.0.256/", "tld:256 u:0 u:0"),
            ("http://[2001:db8::1]/", "<url:ip>"),
            ("http://user@host.example/", "<url:at> tld:example u:host"),
            ("http://a@b@host.example/", "<url:at> tld:example u:host"),
            ("http://shop.example:80/", "tld:example u:shop"),
            ("http://shop.example:443/", "tld:example u:shop"),
            ("http://shop.example:/", "tld:example u:shop"),
            ("http://shop.example:8443/", "tld:example u:shop <url:port>"),
            ("http://xn--mller-kva.example/", "<url:idn> tld:example u:xn--mller-kva"),
            ("http://müller.example/", "<url:idn> tld:example u:müller"),
            ("mailto:joe@example.org", "<mailto>"), ("tel:+123", "<tel>"),
            ("data:text/html,x", "<url:data>"), ("MAILTO:x", "<mailto>"),
            ("/path/only", ""), ("#top", ""), ("", ""), ("http://", ""), ("http:///", ""),
            ("javascript:void(0)", ""), ("http://localhost/", ""),
        ])
    func url(_ url: String, _ expected: String) { #expect(tokens([url]) == expected) }

    @Test(
        "File endings that are known, and no others",
        arguments: [
            ("/buy.php", " <ux:php>"), ("/a/index.HTML?x", " <ux:html> <url:q>"),
            ("/setup.exe/", " <ux:exe>"), ("/photo.jpeg", ""), ("/a.b/c", ""), ("/v1.2", ""),
            ("/.htaccess", ""), ("/x.php#frag", ""),
        ])
    func fileEnding(_ path: String, _ expected: String) {
        #expect(tokens(["http://shop.example\(path)"]) == "tld:example u:shop\(expected)")
    }

    @Test("A path is long from 101 bytes on", arguments: [(99, false), (100, true)])
    func longPath(letters: Int, isLong: Bool) {
        let path = "/" + String(repeating: "x", count: letters)
        #expect(tokens(["http://a.example\(path)"]).hasSuffix("<url:long>") == isLong)
    }

    @Test("Labels and hosts beyond their lengths give no tokens")
    func lengths() {
        let label = String(repeating: "x", count: 41)
        #expect(tokens(["http://\(label).shop.example/"]) == "tld:example u:shop")
        #expect(tokens(["http://shop.\(label)/"]).isEmpty)
        let host = Array(repeating: String(repeating: "y", count: 30), count: 9).joined(
            separator: ".")
        #expect(tokens(["http://\(host)/"]).isEmpty)
    }

    @Test("A host gives its tokens once, whatever the path")
    func once() {
        let urls = ["http://a.example/x", "http://a.example/y.php?z", "http://b.example/"]
        #expect(tokens(urls) == "tld:example u:a tld:example u:b")
    }
}
