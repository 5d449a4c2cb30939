import Testing

@testable import MailText

@Suite struct HeaderFactsTests {
    private func facts(_ header: String) -> HeaderFacts {
        MailContent(message: "\(header)\n\nbody".bytes).header
    }

    @Test("A header without any known field has no facts, but is there")
    func none() {
        var expected = HeaderFacts()
        expected.isPresent = true
        #expect(facts("X-Nothing: x") == expected)
        #expect(!MailContent(plainText: "text").header.isPresent)
    }

    @Test(
        "Addresses are read from From, Reply-To and Return-Path",
        arguments: [
            ("From: A <a@example.org>", "example.org", nil, ""),
            ("From: a@x.example\nReply-To: b@y.example", "x.example", "y.example", ""),
            ("Reply-To: nobody", "", nil, ""),
            ("Return-Path: <bounce@Mail.example>", "", nil, "mail.example"),
            ("Return-Path: <>", "", nil, ""),
            ("from: a@x.example\nFrom: b@y.example", "x.example", nil, ""),
        ])
    func addresses(_ header: String, _ from: String, _ reply: String?, _ envelope: String) {
        let facts = facts(header)
        #expect(facts.from.domain == from)
        #expect(facts.replyTo?.domain == reply)
        #expect(facts.envelopeSenderDomain == envelope)
    }

    @Test(
        "Message-ID is kept for the log, and its domain",
        arguments: [
            ("<1@Host.Example>", "<1@Host.Example>", "host.example"),
            ("1@a.example", "1@a.example", "a.example"), ("<1>", "<1>", ""),
            ("<a@b@c.example>", "<a@b@c.example>", "c.example"),
            ("<1@a.example> (added by b@c.example)", "<1@a.example>", "a.example"),
            ("(added by b@c.example) <1@a.example>", "<1@a.example>", "a.example"),
            ("1@a.example (added by b@c.example)", "1@a.example", "a.example"),
            ("<1@a.example", "<1@a.example", "a.example"),
        ])
    func messageID(_ value: String, _ kept: String, _ domain: String) {
        let facts = facts("Message-ID: \(value)")
        #expect(facts.messageID == kept)
        #expect(facts.messageIDDomain == domain)
    }

    @Test("A long Message-ID is cut to 256 bytes")
    func longMessageID() {
        let long = String(repeating: "x", count: 1_000)
        let facts = facts("Message-ID: <\(long)@\(long)>")
        #expect(facts.messageID.utf8.count == 256 && facts.messageIDDomain.utf8.count == 256)
    }

    @Test(
        "The list is what stands in the last angle brackets of List-Id",
        arguments: [
            ("List-Id: Developers <Dev.Lists.Example.org>", "dev.lists.example.org"),
            ("List-ID: <a b.example>", "ab.example"), ("List-Id: dev.example", "dev.example"),
            ("List-Id: a <x> <y.example", "y.example"), ("List-Id:", ""), ("X: y", ""),
        ])
    func list(_ header: String, _ expected: String) { #expect(facts(header).listID == expected) }

    @Test(
        "Recipients are those of To, or else of Cc",
        arguments: [
            ("To: a@b.example", true, false), ("Cc: a@b.example", true, false),
            ("To:", false, false),
            ("X: y", false, false), ("To: undisclosed-recipients:;", true, true),
            ("To: \"Undisclosed Recipients\" <x@y.example>", true, true),
            ("To: a@b.example\nCc: undisclosed-recipients:;", true, false),
        ])
    func recipients(_ header: String, _ some: Bool, _ undisclosed: Bool) {
        let facts = facts(header)
        #expect(facts.hasRecipients == some)
        #expect(facts.hasUndisclosedRecipients == undisclosed)
    }

    @Test(
        "High priority is X-Priority 1 or 2, or Importance high",
        arguments: [
            ("X-Priority: 1", true), ("X-Priority: 2 (High)", true), ("X-Priority: 3", false),
            ("Importance: High", true), ("Importance: normal", false), ("X: y", false),
            ("X-Priority: 5\nImportance: high", false), ("X-Priority:\nImportance: high", true),
        ])
    func priority(_ header: String, _ isHigh: Bool) {
        #expect(facts(header).isHighPriority == isHigh)
    }
}
