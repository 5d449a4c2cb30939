import FilterPolicy
import Testing

@testable import SpamdServer

/// Messages that go back to the client with siftd's fields.
@Suite struct MarkedMessageTests {
    private static let fields = [
        SpamHeaders.Field("X-Spam-Flag", "YES"),
        SpamHeaders.Field("X-Spam-Status", "Yes,\n\tscore=9"),
    ]

    private func marked(_ message: String, tag: String = "", removing: [String] = [])
        -> MarkedMessage
    {
        var policy = PolicySettings()
        policy.removedHeaders = removing
        return MarkedMessage(
            Array(message.utf8), policy: policy, adding: MarkedMessageTests.fields,
            subjectTag: tag)
    }

    private func text(_ message: MarkedMessage) -> String {
        String(decoding: message.bytes, as: UTF8.self)
    }

    @Test(
        "Fields are on top, with the message's line ends, and the body stays",
        arguments: [
            (
                "From: a\nX-Spam-Flag: NO\n folded\nTo: b\n\nbody\nX-Spam-Flag: NO\n",
                "X-Spam-Flag: YES\nX-Spam-Status: Yes,\n\tscore=9\nFrom: a\nTo: b\n\nbody\nX-Spam-Flag: NO\n",
                1
            ),
            (
                "From: a\r\nTo: b\r\n\r\nbody\r\n",
                "X-Spam-Flag: YES\r\nX-Spam-Status: Yes,\r\n\tscore=9\r\nFrom: a\r\nTo: b\r\n\r\nbody\r\n",
                0
            ),
            (
                "From alice Mon Jan  1\nx-spam-level : ***\nTo: b\n\nbody",
                "From alice Mon Jan  1\nX-Spam-Flag: YES\nX-Spam-Status: Yes,\n\tscore=9\nTo: b\n\nbody",
                1
            ),
            ("", "X-Spam-Flag: YES\nX-Spam-Status: Yes,\n\tscore=9\n\n", 0),
            ("\nbody", "X-Spam-Flag: YES\nX-Spam-Status: Yes,\n\tscore=9\n\nbody", 0),
            (
                "no header at all\nbody",
                "X-Spam-Flag: YES\nX-Spam-Status: Yes,\n\tscore=9\n\nno header at all\nbody", 0
            ),
            ("To: b", "X-Spam-Flag: YES\nX-Spam-Status: Yes,\n\tscore=9\nTo: b\n\n", 0),
        ])
    func layout(_ message: String, _ expected: String, _ removed: Int) {
        let message = marked(message)
        #expect(text(message) == expected)
        #expect(message.removed == removed)
    }

    @Test("The header alone ends with its empty line")
    func header() {
        let message = marked("From: a\n\nbody")
        #expect(String(decoding: message.header, as: UTF8.self).hasSuffix("From: a\n\n"))
        #expect(Array(message.body) == Array("body".utf8))
    }

    @Test("Other fields that the policy names are removed as well")
    func removing() {
        #expect(!text(marked("X-Other : 1\nTo: b\n\n", removing: ["x-other"])).contains("Other"))
    }

    @Test(
        "The tag stands in front of the Subject, once",
        arguments: [
            ("Subject: hi\n\n", "Subject: [SPAM] hi\n"), ("SUBJECT:hi\n\n", "SUBJECT: [SPAM] hi\n"),
            ("Subject: [SPAM] hi\n\n", "Subject: [SPAM] hi\n"),
            ("Subject: a\n b\n\n", "Subject: [SPAM] a\n b\n"),
            ("To: b\n\n", "Subject: [SPAM] \n"),
        ])
    func subject(_ message: String, _ expected: String) {
        #expect(text(marked(message, tag: "[SPAM] ")).contains(expected))
    }
}
