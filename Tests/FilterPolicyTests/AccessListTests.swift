import FilterPolicy
import Testing

@Suite struct AccessListTests {
    private static let text = """
        # our own
        client 192.0.2.0/24
        client 2001:db8::1   # the backup
        sender boss@example.com
        sender example.net
        From .example.org
        recipient abuse@example.org
        \t
        """

    private func list() throws -> AccessList {
        var list = AccessList()
        try list.add(AccessListTests.text)
        return list
    }

    private func facts(_ change: (inout AccessList.Facts) -> Void) -> AccessList.Facts {
        var facts = AccessList.Facts()
        facts.client = "198.51.100.1"
        facts.sender = "x@example.edu"
        facts.from = "x@example.edu"
        facts.recipients = ["a@example.org", "b@example.org"]
        change(&facts)
        return facts
    }

    @Test("Each kind of entry fits what it names, and nothing else")
    func kinds() throws {
        let list = try list()
        func match(_ change: (inout AccessList.Facts) -> Void) -> AccessList.Kind? {
            list.match(facts(change), allRecipients: false)
        }
        #expect(match { _ in } == nil)
        #expect(match { $0.client = "192.0.2.200" } == .client)
        #expect(match { $0.client = "2001:DB8::1" } == .client)
        #expect(match { $0.sender = "Boss@Example.com" } == .sender)
        #expect(match { $0.sender = "other@example.com" } == nil)
        #expect(match { $0.sender = "x@example.net" } == .sender)
        #expect(match { $0.sender = "x@sub.example.net" } == nil)
        #expect(match { $0.from = "x@example.org" } == .from)
        #expect(match { $0.from = "x@a.b.example.org" } == .from)
        #expect(match { $0.from = "x@notexample.org" } == nil)
        #expect(match { $0.recipients.append("ABUSE@example.org") } == .recipient)
        #expect(match { $0.sender = "" } == nil)
    }

    @Test("For a deny list a recipient's entry must fit all recipients")
    func allRecipients() throws {
        let list = try list()
        let one = facts { $0.recipients = ["abuse@example.org", "b@example.org"] }
        #expect(list.match(one, allRecipients: true) == nil)
        let all = facts { $0.recipients = ["abuse@example.org"] }
        #expect(list.match(all, allRecipients: true) == .recipient)
    }

    @Test(
        "A line that is no entry is named",
        arguments: [
            ("client 192.0.2.0/99", 1), ("\n\nclient mail.example.org", 3), ("from", 1),
            ("form example.org", 1), ("sender a b", 1), ("from @example.org", 1),
            ("from exa mple.org", 1), ("sender x@", 1), ("from ex/ample.org", 1),
        ])
    func badLine(_ text: String, _ line: Int) {
        var list = AccessList()
        #expect {
            try list.add(text)
        } throws: { ($0 as? AccessList.LineError)?.line == line }
    }

    // MARK: Authentication-Results

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
}
