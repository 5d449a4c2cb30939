import FilterPolicy
import FilterTestKit
import Settings
import Testing

/// Allow and deny files as people write them, below `Tests/Fixtures/lists`.
@Suite struct AccessFilesTests {
    private func read(_ name: String) throws -> AccessList {
        var files = AccessFiles()
        files.authservID = "mx.example.org"
        files.allow = [Checkout.file("Tests/Fixtures/lists/\(name)")]
        return try files.read().allowed
    }

    private func match(
        _ list: AccessList, client: String = "", sender: String = "", recipient: String = ""
    ) -> AccessList.Kind? {
        var facts = AccessList.Facts()
        facts.client = client
        facts.sender = sender
        facts.recipients = recipient.isEmpty ? [] : [recipient]
        return list.match(facts, allRecipients: false)
    }

    @Test(
        "Files with CRLF ends hold all their entries",
        arguments: ["crlf-comment-first.txt", "crlf-comment-behind.txt", "crlf-plain.txt"])
    func lineEnds(_ name: String) throws {
        let list = try read(name)
        #expect(match(list, client: "198.51.100.9") == .client)
        #expect(match(list, recipient: "postmaster@example.com") == .recipient)
        #expect(match(list, client: "192.0.2.1", recipient: "a@example.com") == nil)
    }

    @Test("A byte order mark in front is no part of the first entry")
    func mark() throws {
        #expect(try match(read("mark-first.txt"), client: "198.51.100.9") == .client)
    }

    @Test("An entry in A-labels holds for U-labels")
    func labels() throws {
        #expect(try match(read("a-label.txt"), sender: "a@münchen.example") == .sender)
    }

    @Test("An entry that can't hold is refused with its line")
    func refused() throws {
        let errors = try #require(throws: SettingsErrors.self) { try read("star-at-domain.txt") }
        #expect(errors.errors.map(\.line) == [1])
        #expect("\(errors)".contains("write example.net"))
    }
}
