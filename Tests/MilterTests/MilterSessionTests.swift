import CMilter
import Logging
import Synchronization
import Testing

@testable import Milter

/// Sessions as libmilter's callbacks drive them.
@Suite struct MilterSessionTests {
    /// Accepts everything and keeps the last message.
    private final class LastMessage: MessageFilter {
        private let last = Mutex<Transaction?>(nil)
        var transaction: Transaction? { last.withLock { $0 } }
        func mustSee(header name: String) -> Bool { name.hasPrefix("X-Spam") }
        func filter(_ transaction: Transaction, progress: () -> Void) -> MilterResponse {
            last.withLock { $0 = transaction }
            progress()
            return MilterResponse(reply: .discard)
        }
    }

    private let filter = LastMessage()
    private let activity = MilterActivity(limit: 1)
    private let continues = sfsistat(SMFIS_CONTINUE)

    private func session(
        unanswered: Int = 0, canSkip: Bool = true, _ change: (inout MilterLimits) -> Void = { _ in }
    ) -> MilterSession {
        var limits = MilterLimits()
        change(&limits)
        return MilterSession(
            filter: filter, limits: limits, activity: activity, logger: Logger(label: "test"),
            unanswered: UInt(unanswered), canSkip: canSkip)
    }

    /// Sends a message through a session, with its end.
    private func run(
        _ session: MilterSession, recipients: [String] = ["<a@example.org>"],
        header: [(String, String)] = [], body: [String] = [], queueID: String = "4X"
    ) throws -> Transaction {
        _ = session.envelopeSender("<s@example.net>", authenticated: "ann")
        for recipient in recipients { _ = session.recipient(recipient) }
        for (name, value) in header { _ = session.header(name, Array(value.utf8)) }
        _ = session.endOfHeader()
        for chunk in body { _ = send(chunk, session) }
        _ = session.endOfMessage(queueID: queueID) {}
        session.finish()
        return try #require(filter.transaction)
    }

    private func send(_ chunk: String, _ session: MilterSession) -> sfsistat {
        Array(chunk.utf8).withUnsafeBufferPointer { session.body($0) }
    }

    @Test("The filter gets the whole message, with client and envelope")
    func whole() throws {
        let session = session()
        _ = session.connect(name: "client.example.net", address: "192.0.2.7")
        _ = session.helo("me.example.net")
        let message = try run(
            session, recipients: ["<a@example.org>", "b"],
            header: [("Subject", "a\n\tb"), ("To", "")], body: ["text\r\n", "more\r\n"])
        #expect(message.client.name == "client.example.net")
        #expect(message.client.address == "192.0.2.7" && message.client.helo == "me.example.net")
        #expect(message.envelopeSender == "s@example.net" && message.authenticated == "ann")
        #expect(message.recipients == ["a@example.org", "b"] && message.queueID == "4X")
        #expect(
            message.header == [
                .init(name: "Subject", value: Array("a\n\tb".utf8)), .init(name: "To", value: []),
            ])
        #expect(message.body == Array("text\r\nmore\r\n".utf8))
        #expect(!message.isHeaderCut && !message.isBodyCut && !message.areRecipientsCut)
        #expect(!message.isOverload && !message.isLate)
    }

    @Test("The client belongs to the connection, the envelope to the message")
    func severalMessages() throws {
        let session = session()
        _ = session.connect(name: "client.example.net", address: "192.0.2.7")
        _ = try run(session, header: [("A", "1")], body: ["x"])
        let second = try run(session, recipients: ["<b>"])
        #expect(second.client.name == "client.example.net" && second.recipients == ["b"])
        #expect(second.header.isEmpty && second.body.isEmpty)
        _ = session.envelopeSender("<gone@example.net>", authenticated: "")
        _ = session.recipient("<gone@example.org>")
        session.abort()
        #expect(try run(session).recipients == ["a@example.org"])
    }

    @Test(
        "Only steps that the MTA does not wait for have no reply",
        arguments: [
            SMFIP_NR_CONN, SMFIP_NR_HELO, SMFIP_NR_MAIL, SMFIP_NR_RCPT, SMFIP_NR_HDR,
            SMFIP_NR_EOH,
        ])
    func replies(_ unanswered: Int) {
        let session = session(unanswered: unanswered)
        let replies = [
            (SMFIP_NR_CONN, session.connect(name: "", address: "")),
            (SMFIP_NR_HELO, session.helo("")),
            (SMFIP_NR_MAIL, session.envelopeSender("", authenticated: "")),
            (SMFIP_NR_RCPT, session.recipient("")),
            (SMFIP_NR_HDR, session.header("A", [])),
            (SMFIP_NR_EOH, session.endOfHeader()),
        ]
        for (step, reply) in replies {
            #expect(reply == (step == unanswered ? sfsistat(SMFIS_NOREPLY) : continues))
        }
    }

    // MARK: Limits

    @Test("Fields beyond the limit are left out, but for the names that the filter must see")
    func headerFields() throws {
        let message = try run(
            session { $0.headerFields = 2 },
            header: [("A", "1"), ("X-Spam-Flag", "YES"), ("B", "2"), ("X-Spam-Level", "*")])
        #expect(message.header.map(\.name) == ["A", "X-Spam-Flag", "X-Spam-Level"])
        #expect(message.header.map(\.value.count) == [1, 3, 0] && message.isHeaderCut)
    }

    @Test("Fields that say how to read the message are kept beyond the limits, a few of each")
    func neededFields() throws {
        let header = [
            ("A", "1"), ("B", "2"), ("Content-Type", "text/html"), ("SUBJECT", "one"),
        ]
        for change in [
            { $0.headerFields = 1 }, { $0.headerBytes = 1 },
        ] as [(inout MilterLimits) -> Void] {
            let session = session(change)
            for _ in 0..<2 {
                let message = try run(
                    session, header: header + (0..<9).map { ("From", "\($0)") })
                let fields = message.header.filter { !$0.value.isEmpty }
                #expect(
                    fields.map { String(decoding: $0.value, as: UTF8.self) } == [
                        "1", "text/html", "one", "0", "1", "2", "3",
                    ])
                #expect(message.isHeaderCut)
            }
        }
    }

    @Test(
        "Values are left out once the limit on bytes is reached",
        arguments: [(3, [2, 2, 0], true), (4, [2, 2, 0], true), (5, [2, 2, 2], false)])
    func headerBytes(_ limit: Int, _ kept: [Int], _ isCut: Bool) throws {
        let session = session { $0.headerBytes = limit }
        let header = [("A", "11"), ("B", "22"), ("C", "33")]
        for _ in 0..<2 {
            let message = try run(session, header: header)
            #expect(message.header.map(\.value.count) == kept && message.isHeaderCut == isCut)
        }
    }

    @Test("A field without a value cuts nothing")
    func emptyValue() throws {
        let message = try run(
            session { $0.headerBytes = 1 }, header: [("A", "1"), ("B", "")])
        #expect(message.header.count == 2 && !message.isHeaderCut)
    }

    @Test("Recipients beyond the limit are left out, and the filter is informed")
    func recipients() throws {
        let session = session { $0.recipients = 2 }
        let message = try run(session, recipients: ["a", "b", "c"])
        #expect(message.recipients == ["a", "b"] && message.areRecipientsCut)
        #expect(try !run(session, recipients: ["a", "b"]).areRecipientsCut)
    }

    @Test(
        "Beyond the limit the rest of the body is skipped, by MTAs that can",
        arguments: [true, false])
    func body(_ canSkip: Bool) throws {
        let session = session(canSkip: canSkip) { $0.bodyBytes = 4 }
        _ = session.envelopeSender("<s>", authenticated: "")
        #expect(send("1234", session) == continues)
        #expect(send("56", session) == (canSkip ? sfsistat(SMFIS_SKIP) : continues))
        _ = session.endOfMessage(queueID: "") {}
        session.finish()
        let message = try #require(filter.transaction)
        #expect(message.body == Array("1234".utf8) && message.isBodyCut)
        #expect(try !run(session, body: ["1234"]).isBodyCut)
    }

    @Test("An attachment larger than the limit loses its middle, and the rest is still read")
    func attachment() throws {
        let type = ("Content-Type", "multipart/mixed; boundary=b")
        let line = String(repeating: "QUJD", count: 19) + "\r\n"
        let picture =
            "--b\r\nContent-Type: image/png\r\n\r\n" + String(repeating: line, count: 9_000)
        let text = "--b\r\n\r\nthe words behind\r\n--b--\r\n"
        let session = session { $0.bodyBytes = 400_000 }
        let message = try run(session, header: [type], body: [picture, text])
        #expect(message.body.count <= 400_000 && !message.isBodyCut)
        #expect(message.body.count + message.leftOutBytes == picture.utf8.count + text.utf8.count)
        #expect(message.body.suffix(text.utf8.count).elementsEqual(text.utf8))
        #expect(try run(session, body: ["1234"]).leftOutBytes == 0)
    }

    @Test("Of an overload only the names that the filter must see are kept")
    func overload() throws {
        let busy = session()
        _ = busy.envelopeSender("<s>", authenticated: "")
        let header = [("A", "1"), ("X-Spam-Flag", "YES")]
        let message = try run(session(), header: header, body: ["text"])
        #expect(message.isOverload && message.body.isEmpty && message.isBodyCut)
        #expect(message.header == [.init(name: "X-Spam-Flag", value: [])])
        busy.abort()
        #expect(try !run(session(), header: header, body: ["text"]).isOverload)
    }

    // MARK: Stop

    @Test("Messages that begin after the drain are late, those before it are not")
    func late() throws {
        let early = session()
        _ = early.envelopeSender("<s>", authenticated: "")
        activity.drain()
        #expect(try run(session()).isLate)
        #expect(!activity.isQuiet)
        _ = early.endOfMessage(queueID: "") {}
        #expect(filter.transaction?.isLate == false)
        #expect(!activity.isQuiet, "the response is not applied yet")
        early.finish()
        #expect(activity.isQuiet)
    }

    @Test("A message that is replaced, or whose connection is lost, is in progress no more")
    func lost() {
        var session: MilterSession? = session()
        for _ in 0..<3 { _ = session?.envelopeSender("<s>", authenticated: "") }
        #expect(!activity.isQuiet)
        session = nil
        #expect(activity.isQuiet)
    }

    @Test("Response and progress are the filter's")
    func response() {
        let session = session()
        var progress = 0
        let response = session.endOfMessage(queueID: "4X") { progress += 1 }
        #expect(response == MilterResponse(reply: .discard) && progress == 1)
        #expect(filter.transaction?.isLate == false)
    }
}
