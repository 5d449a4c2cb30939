import FilterTestKit
import Foundation
import Testing

@Suite struct MailCaseParserTests {
    @Test("Every file of cases/ parses, and its message exists")
    func all() throws {
        let cases = try MailCase.all()
        #expect(cases.count >= 59)
        #expect(Set(cases.map(\.name)).count == cases.count, "names are unique")
        for mail in cases {
            #expect(throws: Never.self, "\(mail.file)") { try mail.bytes(mark: "x") }
        }
    }

    @Test("Keys, lists and defaults are read")
    func keys() throws {
        let mail = try MailCase(
            """
            A name: with a colon
            message: ham
            sender: <>
            recipients: *2
            client: local
            manner: bdat
            count: 3
            resets: yes
            servers: postfix client
            log: a=b: c
            log: d

            reply: 250
            queue: held
            """, file: "x")
        #expect(mail.testDescription == "x: A name: with a colon")
        #expect(mail.message == "ham" && mail.sender.isEmpty && mail.client.isEmpty)
        #expect(mail.recipients == ["r0@example.org", "r1@example.org"])
        #expect(mail.manner == .bdat && mail.count == 3 && mail.resets)
        #expect(mail.servers == [.postfix, .client] && mail.log == ["a=b: c", "d"])
        #expect(mail.reply == "250" && mail.isHeld && !mail.isDelivered)
        let least = try MailCase("Least\nreply: 250", file: "y")
        #expect(least.isDelivered && least.servers == MailServer.Kind.allCases)
    }

    @Test(
        "A mistake is an error with its line",
        arguments: [
            ("", 1, "the first line is not a name"),
            ("reply: 250", 1, "the first line is not a name"),
            ("N\nreply: 250\nrecipient: a@b", 3, "unknown key \"recipient\""),
            ("N\nreply: 250\nservers: postfix sendmial", 3, "is no value of \"servers\""),
            ("N\nreply: 250\nservers:", 3, "is no value of \"servers\""),
            ("N\nreply: 250\nmanner: pipelind", 3, "is no value of \"manner\""),
            ("N\nreply: 250\ncount: two", 3, "\"two\" is no value of \"count\""),
            ("N\nreply: 250\ncount: 0", 3, "\"0\" is no value of \"count\""),
            ("N\nreply: 250\nrecipients: *x", 3, "is no value of \"recipients\""),
            ("N\nreply: 250\nrecipients:", 3, "is no value of \"recipients\""),
            ("N\nreply: 250\nresets: true", 3, "is no value of \"resets\""),
            ("N\nreply: 250\nqueue: hold", 3, "is no value of \"queue\""),
            ("N\nreply: 250\ngone: no", 3, "is no value of \"gone\""),
            ("N\nreply: 250\nlog:", 3, "\"log\" has no value"),
            ("N\nreply: 250\nreply: 550", 3, "\"reply\" is given twice"),
            ("N\nnonsense", 2, "\"nonsense\" is not a key and a value"),
            ("N\nmessage: ham", 2, "\"reply\" is missing"),
        ])
    func mistakes(_ text: String, _ line: Int, _ reason: String) throws {
        let error = try #require(throws: MailCase.ParseError.self) {
            try MailCase(text, file: "x")
        }
        #expect(error.line == line && error.file == "x")
        #expect(error.reason.hasSuffix(reason), "\(error)")
    }
}
