import FilterPolicy
import Testing

@Suite struct AccessListTests {
    private static let text = """
        # our networks
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
        } throws: { ($0 as? AccessList.LineErrors)?.lines.map(\.line) == [line] }
    }

    @Test("All lines that are no entries are named, up to ten, and the others are added")
    func badLines() throws {
        var list = AccessList()
        let lines =
            ["form a.example", "from example.edu"] + Array(repeating: "client x", count: 11)
        let error = try #require(throws: AccessList.LineErrors.self) {
            try list.add(lines.joined(separator: "\n"))
        }
        #expect(error.count == 12 && error.lines.map(\.line) == [1] + Array(3...11))
        #expect(error.lines[0].reason.hasPrefix("must be client"))
        #expect(error.lines[1].reason == "x is not an address or network")
        #expect(list.match(facts { _ in }, allRecipients: false) == .from)
    }

    @Test(
        "An entry that could never match is refused, with what to write",
        arguments: [
            ("sender *@example.net", "*@example.net is no address or domain; write example.net"),
            ("sender *@*.example.net", "write .example.net for all names below"),
            ("from *.example.net", "write .example.net for all names below"),
            ("from @example.net", "write example.net"),
            ("recipient <a@example.net>", "has angle brackets; write a@example.net"),
            ("sender 192.0.2.1", "is an IP address; write \"client 192.0.2.1\" in a list"),
            ("sender a@192.0.2.1", "is an IP address"),
            ("from example..net", "is not an address or domain"),
            ("from a@.example.net", "is not an address or domain"), ("from *", "is not an"),
            ("from \(String(repeating: "a", count: 64)).example", "is not an address or domain"),
            ("from \(String(repeating: "a.", count: 127))example", "is not an address or domain"),
            ("client 192.0.2.", "is not an address or network"),
            ("client ::ffff:192.0.2.0/24", "is not an address or network"),
        ])
    func neverMatches(_ text: String, _ reason: String) throws {
        var list = AccessList()
        let errors = try #require(throws: AccessList.LineErrors.self) { try list.add(text) }
        let error = try #require(errors.lines.first)
        #expect(error.line == 1 && error.reason.contains(reason), "\(error.reason)")
    }

    @Test(
        "Either form of an international domain matches either form",
        arguments: [
            "münchen.example", "MÜNCHEN.example.", "xn--mnchen-3ya.example", ".münchen.example",
            "a@münchen.example", "A@XN--MNCHEN-3YA.EXAMPLE",
        ])
    func international(_ entry: String) throws {
        var list = AccessList()
        try list.add("sender \(entry)")
        for sender in ["a@münchen.example", "A@XN--MNCHEN-3YA.example", "a@MÜNCHEN.Example"] {
            let message = facts { $0.sender = sender }
            #expect(list.match(message, allRecipients: false) == .sender, "\(sender)")
        }
        let other = facts { $0.sender = "a@munchen.example" }
        #expect(list.match(other, allRecipients: false) == nil)
    }

    @Test("Comments, empty lines and either line end are understood")
    func lines() throws {
        var list = AccessList()
        try list.add("\r\n# all\r\nFROM  Example.org\t# ours\r\n\n")
        #expect(list.match(facts { $0.from = "a@example.org" }, allRecipients: false) == .from)
        #expect(list.needsAuthentication && !list.isEmpty)
    }

    @Test("Entries of several files add up, and of several that match the first kind is named")
    func order() throws {
        var list = AccessList()
        #expect(list.isEmpty && !list.needsAuthentication)
        try list.add("recipient example.org")
        #expect(!list.needsAuthentication)
        try list.add("sender example.edu")
        let both = facts { _ in }
        #expect(list.match(both, allRecipients: true) == .sender)
        try list.add("client 198.51.100.0/24")
        #expect(list.match(both, allRecipients: true) == .client)
    }

    @Test("A forgeable entry counts only where the address is trusted")
    func trust() throws {
        let list = try list()
        let message = facts {
            $0.sender = "x@example.net"
            $0.from = "x@example.org"
        }
        var asked: [String] = []
        let kind = list.match(message, allRecipients: false) { kind, address in
            asked.append("\(kind) \(address)")
            return kind == .from
        }
        #expect(kind == .from && asked == ["sender x@example.net", "from x@example.org"])
        #expect(list.match(message, allRecipients: false) { _, _ in false } == nil)
    }

    @Test(
        "The last @ separates the domain",
        arguments: [
            ("\"x@example.net\"@example.com", nil), ("\"x@example.com\"@example.net", .sender),
            ("x@example.net@", nil), ("@example.net", .sender),
        ] as [(String, AccessList.Kind?)])
    func lastAt(_ sender: String, _ kind: AccessList.Kind?) throws {
        #expect(try list().match(facts { $0.sender = sender }, allRecipients: false) == kind)
    }

    @Test("A message without recipients matches no entry for them", arguments: [true, false])
    func noRecipients(_ all: Bool) throws {
        let message = facts { $0.recipients = [] }
        #expect(try list().match(message, allRecipients: all) == nil)
    }
}
