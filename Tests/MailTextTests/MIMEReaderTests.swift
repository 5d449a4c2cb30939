import Testing

@testable import MailText

@Suite struct MIMEReaderTests {
    /// The tree of a message in short, `type{body}` or `type(child child)`, and its defects.
    private func read(_ message: String, _ limits: MailLimits = MailLimits()) -> (
        String, Set<Defect>
    ) {
        var reader = MIMEReader(message.bytes, limits: limits, clock: ReadingClock(limits))
        let root = reader.read()
        return (short(root, reader.bytes), reader.defects)
    }

    private func short(_ entity: MIMEEntity, _ bytes: [UInt8]) -> String {
        let children = entity.children.map { short($0, bytes) }.joined(separator: " ")
        return entity.children.isEmpty
            ? "\(entity.mediaType){\(bytes[entity.body].string)}"
            : "\(entity.mediaType)(\(children))"
    }

    private static let longBoundary = String(repeating: "b", count: 2_000)
    private static let mixed = "Content-Type: multipart/mixed; boundary=b\n\n"

    @Test(
        "The structure of RFC 2046 is read",
        arguments: [
            ("A: b\n\nbody\n", "text/plain{body\n}"),
            ("Content-Type: TEXT/Html; x=y\n\nz", "text/html{z}"),
            ("Content-Type: nonsense\n\nz", "text/plain{z}"),
            (
                mixed + "--b\n\none\n--b\n\ntwo\n--b--\n",
                "multipart/mixed(text/plain{one} text/plain{two})"
            ),
            (mixed + "pre\n--b\n\none\n--b--\nepi", "multipart/mixed(text/plain{one})"),
            // The line break before a delimiter belongs to it.
            (mixed + "--b\n\none\n\n--b--", "multipart/mixed(text/plain{one\n})"),
            (mixed + "--b\r\n\r\none\r\n--b--\r\n", "multipart/mixed(text/plain{one})"),
            (mixed + "--b\n\n--b--", "multipart/mixed(text/plain{})"),
            // White space after a delimiter, and lines that are not delimiters.
            (mixed + "--b \t\n\none\n--b-- \n", "multipart/mixed(text/plain{one})"),
            (
                mixed + "--b\n\n--bb\n-- b\n --b\n--b--",
                "multipart/mixed(text/plain{--bb\n-- b\n --b})"
            ),
            (
                mixed + "--b\n\none\n--b--x\n--b---\ntwo\n--b--",
                "multipart/mixed(text/plain{one\n--b--x\n--b---\ntwo})"
            ),
            (
                "Content-Type: multipart/mixed; boundary=\"b \t\"\n\n--b\n\none\n--b--",
                "multipart/mixed(text/plain{one})"
            ),
            ("Content-Type: \"text/html\"\n\nz", "text/html{z}"),
            (
                "Content-Type: multipart/mixed; boundary=\(longBoundary)\n\n"
                    + "--\(longBoundary)\n\none\n--\(longBoundary)--",
                "multipart/mixed(text/plain{one})"
            ),
            // Carriage returns alone are line ends.
            (
                mixed + "--b\n\none\r--b\rContent-Type: text/html\r\rtwo\r--b--\n",
                "multipart/mixed(text/plain{one} text/html{two})"
            ),
            (
                mixed + "--b\r\r\nContent-Type: text/html\r\r\n\r\r\none\r\r\n--b--\r\r\n",
                "multipart/mixed(text/html{one})"
            ),
            (
                "Content-Type: multipart/digest; boundary=b\n\n--b\n\nA: b\n\none\n--b--",
                "multipart/digest(message/rfc822(text/plain{one}))"
            ),
            (
                mixed
                    + "--b\nContent-Type: multipart/x; boundary=c\n\n--c\n\none\n--c--\n--b\n\ntwo\n--b--",
                "multipart/mixed(multipart/x(text/plain{one}) text/plain{two})"
            ),
            // One boundary begins with the other.
            (
                mixed
                    + "--b\nContent-Type: multipart/x; boundary=bb\n\n--bb\n\none\n--bb--\n--b\n\ntwo\n--b--",
                "multipart/mixed(multipart/x(text/plain{one}) text/plain{two})"
            ),
            // An encoded message is a leaf (section 5.2.1).
            (
                "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\neA==",
                "message/rfc822{eA==}"
            ),
        ])
    func structure(_ message: String, _ tree: String) { #expect(read(message) == (tree, [])) }

    @Test(
        "Broken structure is read as clients do, and named",
        arguments: [
            (mixed + "--b\n\none", "multipart/mixed(text/plain{one})", .closerMissing),
            (mixed + "no delimiter", "multipart/mixed{no delimiter}", .closerMissing),
            (
                mixed
                    + "--b\nContent-Type: multipart/x; boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--",
                "multipart/mixed(multipart/x(text/plain{one}) text/plain{two})", .closerMissing
            ),
            (
                "Content-Type: multipart/mixed\n\n--guess\n\none\n--guess--\n",
                "multipart/mixed(text/plain{one})", .boundaryMissing
            ),
            (
                "Content-Type: multipart/mixed\n\n-- \n-----\ntext",
                "multipart/mixed{-- \n-----\ntext}", .boundaryMissing
            ),
            (
                mixed + "-- \n--Ann\n--x(y)\nContent-Type: text/html\n\none\n--x(y)--",
                "multipart/mixed(text/html{one})", .boundaryMissing
            ),
            (
                "Content-Transfer-Encoding: x-nosuch\n\none", "text/plain{one}",
                .transferEncodingUnknown
            ),
        ] as [(String, String, Defect)])
    func broken(_ message: String, _ tree: String, _ defect: Defect) {
        #expect(read(message) == (tree, [defect]))
    }

    @Test("The declared properties of an entity are read from its header")
    func properties() {
        let message = """
            Content-Type: Text/Plain; charset=\"UTF-8\"; format=flowed; delsp=YES; name=a.txt
            Content-Disposition: INLINE; filename=b.txt
            Content-Transfer-Encoding: base64
            Content-ID: <1@x>

            eA==
            """
        let limits = MailLimits()
        var reader = MIMEReader(message.bytes, limits: limits, clock: ReadingClock(limits))
        let entity = reader.read()
        #expect(entity.mediaType == "text/plain" && entity.charset == "utf-8" && entity.joinsLines)
        #expect(entity.disposition == "inline" && entity.fileName == "b.txt")
        #expect(entity.encoding == .base64 && entity.contentID?.string == "<1@x>")
        #expect(entity.isText && !entity.isMultipart && !entity.isMessage)
    }

    @Test(
        "Text is what clients show as such",
        arguments: [
            ("text/plain", true), ("text/html", true), ("text/x-nosuch", true),
            ("text/calendar", true),
            ("message/delivery-status", true), ("text/css", false), ("text/vcard", false),
            ("text/rfc822-headers", false), ("image/png", false), ("message/rfc822", false),
            ("message/x-note", true), ("message/http", true), ("message/partial", false),
            ("message/external-body", false), ("message/news", false), ("application/pgp", true),
        ])
    func isText(_ type: String, _ isText: Bool) {
        var entity = MIMEEntity()
        entity.mediaType = type
        #expect(entity.isText == isText)
    }

    @Test("Beyond the limits on depth and parts the rest is one leaf, or is left out")
    func limits() {
        let nested =
            MIMEReaderTests.mixed
            + "--b\nContent-Type: multipart/x; boundary=c\n\n--c\n\none\n--c--\n--b\n\ntwo\n--b--"
        var limits = MailLimits()
        limits.depth = 1
        #expect(
            read(nested, limits)
                == (
                    "multipart/mixed(multipart/x{--c\n\none\n--c--} text/plain{two})",
                    [.limitDepth]
                ))
        limits = MailLimits()
        limits.parts = 2
        #expect(read(nested, limits).1 == [.limitParts])
        limits = MailLimits()
        limits.bodyBytes = 3
        #expect(read("A: b\n\nbody", limits) == ("text/plain{bod}", [.limitBody]))
    }
}
