import Foundation
import MailText
import Telemetry
import Testing

@Suite struct MessageLogTests {
    /// The text of a message's line after a change.
    private func text(
        id: String = "4XYZ", _ change: (inout MessageLog) -> Void = { _ in }
    ) -> String {
        var log = MessageLog(queueID: id)
        change(&log)
        return log.event.description
    }

    @Test("The queue id is first, keys keep their order")
    func order() {
        let line = text {
            $0.verdict = .spam
            $0.action = .addHeader
            $0.points = 9.731
            $0.required = 5
            $0.probability = 0.97312
            $0.envelopeSender = "a@example.org"
            $0.parseTime = .microseconds(1_234)
        }
        #expect(
            line == "4XYZ: verdict=spam action=add_header score=9.73 required=5.00 p=0.9731 "
                + "model=- client=- auth=- from=<a@example.org> nrcpt=0 size=0 mid=- "
                + "parse_ms=1.23 queue_ms=0.00 infer_ms=0.00 total_ms=0.00 batch=0 flags=-")
    }

    @Test("A reason, a policy and defects are shown when there are any")
    func optional() {
        let line = text {
            $0.reason = "little-text"
            $0.policy = "example.org"
            $0.defects = [.limitBody, .limitParts]
        }
        #expect(
            line.hasSuffix("reason=little-text policy=example.org flags=limit-body,limit-parts"))
    }

    @Test("What comes from outside can't forge or break a line")
    func escapes() {
        let line = text(id: "") {
            $0.envelopeSender = "a\n4ABC: verdict=ham \"\\\u{1B}[31mü"
            $0.messageID = String(repeating: "m", count: 5_000)
        }
        #expect(line.hasPrefix("NOQUEUE: "))
        #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        #expect(
            line.contains("from=<a\\x0a4ABC:\\x20verdict=ham\\x20\\x22\\x5c\\x1b[31m\\xc3\\xbc>"))
    }

    @Test("The longest line stays below 1,000 bytes")
    func longest() {
        let long = String(repeating: "\u{0}", count: 5_000)
        let line = text(id: long) {
            $0.model = long
            $0.client = long
            $0.authenticated = long
            $0.envelopeSender = long
            $0.messageID = long
            $0.reason = long
            $0.policy = long
            $0.bytes = .max
            $0.recipients = .max
            $0.defects = Array(Defect.allCases)
            $0.totalTime = .seconds(1_000_000)
        }
        #expect(line.utf8.count < 1_000)
    }

    @Test("Hashed addresses stay the same and can't be read; omitted ones are not there")
    func addresses() {
        func line(_ addresses: MessageLog.Addresses) -> String {
            text {
                $0.addresses = addresses
                $0.envelopeSender = "Ann@example.org"
                $0.client = "192.0.2.7"
                $0.messageID = "1@example.org"
            }
        }
        #expect(line(.hashed) == line(.hashed))
        #expect(!line(.hashed).contains("example.org") && line(.hashed).contains("from=<#"))
        #expect(line(.omitted).contains("client=- auth=- from=<> "))
        #expect(line(.plain).contains("client=192.0.2.7 auth=- from=<Ann@example.org> "))
    }

    @Test("JSON has the same keys in the same order, with the values as they are")
    func json() throws {
        var log = MessageLog(queueID: "4XYZ")
        log.envelopeSender = "a \"ü\"@example.org"
        log.defects = [.limitBody]
        let json = log.event.json(time: Date(timeIntervalSince1970: 0))
        let values = try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
        #expect(values["from"] == "<a \"ü\"@example.org>")
        #expect(values["id"] == "4XYZ" && values["ts"] == "1970-01-01T00:00:00.000Z")
        let keys = json.matches(of: /"([a-z_]+)":"/).map { String($0.1) }
        let text = log.event.description.matches(of: /([a-z_]+)=/).map { String($0.1) }
        #expect(keys == ["ts", "level", "id"] + text)
    }
}
