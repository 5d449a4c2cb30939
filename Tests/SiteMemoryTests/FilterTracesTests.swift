import SiteMemory
import Testing

@Suite struct FilterTracesTests {
    @Test(
        "Fields and subject tags of filters are removed, nothing else",
        arguments: [
            ("X-Spam: yes\nFrom: a\n\nX-Spam: body\n", "From: a\n\nX-Spam: body\n"),
            (
                "From: a\r\nX-Rspamd-Score: 1\r\n\tmore\r\nTo: b\r\n\r\nx",
                "From: a\r\nTo: b\r\n\r\nx"
            ),
            ("Subject: ***SPAM*** [SPAM] hi\n\n", "Subject: hi\n\n"),
            ("Subject:[spam]hi\n more\n\n", "Subject: hi\n more\n\n"),
            ("Subject: [site] hi\n\n", "Subject: hi\n\n"),
            ("Subject: spam is bad\n\n", "Subject: spam is bad\n\n"),
            ("X-Spamalot: knights\n", ""), ("X-Mailer: x\n", "X-Mailer: x\n"), ("", ""),
            ("no header", "no header"),
        ])
    func removed(_ message: String, _ expected: String) {
        let result = FilterTraces.removed(from: Array(message.utf8), tag: "[Site] ")
        #expect(String(decoding: result, as: UTF8.self) == expected)
    }
}
