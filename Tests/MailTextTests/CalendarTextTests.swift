import Testing

@testable import MailText

@Suite struct CalendarTextTests {
    private static let event = """
        BEGIN:VCALENDAR
        BEGIN:VTIMEZONE
        COMMENT:no
        END:VTIMEZONE
        BEGIN:VEVENT
        SUMMARY;LANGUAGE=en:Lunch
        LOCATION;ALTREP="http://x:80/":Room 1
        DESCRIPTION:Bring\\na friend\\, or two
        BEGIN:VALARM
        DESCRIPTION:no
        END:VALARM
        COMMENT:last
        END:VEVENT
        END:VCALENDAR
        """

    @Test(
        "The properties that clients show are read, in short or whole",
        arguments: [
            (event, true, "Lunch\nRoom 1\n"),
            (event, false, "Lunch\nRoom 1\nBring\na friend, or two\nlast\n"),
            ("summary:x", false, "x\n"), ("SUMMARY", false, ""), ("no calendar", false, ""),
            ("SUMMARY:a\\\\b\\;c\\Nd", false, "a\\b;c\nd\n"),
            ("END:VALARM\nSUMMARY:x", false, "x\n"),
            // A quote that is none, or never ends.
            ("SUMMARY;X=a\"b:c \"d\": e", true, "c \"d\": e\n"),
            ("SUMMARY;X=\"a:b", true, "b\n"), ("SUMMARY;X=\"a:b\",\"c:d\":e", true, "e\n"),
            ("SUMMARY;X=\"a:b\"", true, ""),
            // Any end ends an alarm, but not a time zone.
            ("BEGIN:VALARM\nEND:X\nSUMMARY:x", true, "x\n"),
            (
                "BEGIN:VTIMEZONE\nBEGIN:STANDARD\nEND:STANDARD\nSUMMARY:x\nEND:X\nSUMMARY:y", true,
                "y\n"
            ),
            ("ORGANIZER;CN=Ann:mailto:a@x\nattendee;X=1;cn=\"B; C\";Y=2:b", true, "Ann\nB; C\n"),
            ("ATTENDEE:mailto:a@x\nATTENDEE;XCN=a:b\nSUMMARY;CN=c:d", true, "d\n"),
            (
                String(repeating: "ATTENDEE;CN=a:b\n", count: 12), false,
                String(repeating: "a\n", count: 10)
            ),
        ])
    func visible(_ text: String, _ isBrief: Bool, _ expected: String) {
        #expect(CalendarText.visible(text.bytes, isBrief: isBrief).string == expected)
    }

    @Test(
        "Folds are removed (RFC 5545 section 3.1)",
        arguments: [
            ("SUMMARY:a\n b", "SUMMARY:ab"), ("a\r\n\tb\r\nc", "ab\nc"), ("a\n  b", "a b"),
            ("a\n\nb", "a\n\nb"), ("a\n", "a\n"), (" a", " a"),
            ("a\r b\rc\r\r\n d", "ab\ncd"),
        ])
    func unfolded(_ text: String, _ expected: String) {
        #expect(CalendarText.unfolded(text.bytes).string == expected)
    }

    @Test("A fold inside a character is removed before the charset is undone")
    func foldedCharacter() {
        let message =
            "Content-Type: text/calendar; charset=utf-8\n\nSUMMARY:".bytes + [
                0xC3, 0x0A, 0x20, 0xA9,
            ]
        #expect(MailContent(message: message).body.text == "é\n")
    }
}
