import Testing

@testable import MailText

@Suite struct MailDateTests {
    @Test(
        "A date is read as RFC 5322 has it, and as mail has it",
        arguments: [
            ("Thu, 1 Jan 1970 00:00:00 +0000", 0),
            ("Mon, 2 Jan 2006 15:04:05 -0700 (MST)", 1_136_239_445),
            ("2 Jan 2006 22:04:05 GMT", 1_136_239_445), ("02 JAN 06 17:04:05 EST", 1_136_239_445),
            ("Tue,  3 January 2006 03:34 +0530", 1_136_239_440),
            ("Thu, 29 Feb 2024 12:00:00 +0000", 1_709_208_000),
            ("Fri, 31 Dec 1999 23:59:60 +0000", 946_684_800),
            ("1 Mar 2100 00:00:00", 4_107_542_400), ("1 Jan 99 00:00:00 somewhere", 915_148_800),
        ] as [(String, Int64)])
    func dates(_ field: String, _ expected: Int64) {
        #expect(MailDate.seconds(Array(field.utf8)[...]) == expected)
    }

    @Test(
        "What is no date gives none",
        arguments: [
            "", "Mon", "yesterday at noon or so", "0 Jan 2006 10:00:00", "32 Jan 2006 10:00:00",
            "1 Foo 2006 10:00:00", "1 Jan 2006", "1 Jan 2006 24:00:00", "1 Jan 2006 10:61:00",
            "1 Jan 1969 10:00:00", "1 Jan 99999999999999999999 10:00:00", "1 Jan 2006 1:2:3:4",
            "1 Jan 2006 -1:00:00", "２ Jan 2006 10:00:00", "1 Jan 2006 ::",
        ])
    func none(_ field: String) { #expect(MailDate.seconds(Array(field.utf8)[...]) == nil) }
}
