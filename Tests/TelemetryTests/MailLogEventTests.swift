import Foundation
import Logging
import Testing

@testable import Telemetry

@Suite struct MailLogEventTests {
    @Test(
        "Values are written as one word, or in quotes",
        arguments: [
            (LogValue.word("a"), "a", "a"), (.word(""), "-", "-"),
            (.sentence("no \"way\"\nout"), "\"no \\\"way\\\" out\"", "no \"way\"\nout"),
            (.foreign("", limit: 9), "-", "-"),
            (.foreign("a b=c\"\\", limit: 99), "a\\x20b=c\\x22\\x5c", "a b=c\"\\"),
            (.foreign("abcdef", limit: 3), "abc...", "abc..."),
            (.bracketed("", limit: 9), "<>", "<>"), (.bracketed("a>b", limit: 9), "<a>b>", "<a>b>"),
        ])
    func values(_ value: LogValue, _ text: String, _ raw: String) {
        #expect(value.text == text)
        #expect(value.raw == raw)
    }

    @Test("Words with an equals sign are no keys in JSON")
    func words() throws {
        let event = MailLogEvent.relayFull(error: "Too many open files")
        #expect(
            event.description == "msg=relay_full error=\"Too many open files\" for more "
                + "descriptors raise LimitNOFILE= or ulimit -n")
        #expect(
            event.json(time: Date(timeIntervalSince1970: 0))
                == "{\"ts\":\"1970-01-01T00:00:00.000Z\",\"level\":\"error\","
                + "\"msg\":\"relay_full\",\"error\":\"Too many open files\","
                + "\"text\":\"for more descriptors raise LimitNOFILE= or ulimit -n\"}")
    }

    @Test("Several mistakes are several events")
    func mistakes() {
        struct Two: Error, CustomStringConvertible { var description = "f:1: a\nf:2: b" }
        let lines = MailLogEvent.reloadFailed(Two()).map(\.description)
        #expect(lines.count == 2)
        #expect(lines[1].hasPrefix("msg=reload_failed error=\"f:2: b\" "))
    }

    @Test("A message that failed names its queue id", arguments: [("", "NOQUEUE"), ("4X", "4X")])
    func queueID(_ id: String, _ shown: String) {
        let event = MailLogEvent.notScanned(queueID: id, reason: "timeout", action: "tempfail")
        #expect(
            event.description == "\(shown): msg=not_scanned reason=timeout action=tempfail")
    }
}

@Suite struct MailLogHandlerTests {
    private func line(_ format: MailLogHandler.Format, _ message: Logger.Message) -> String {
        var options = MailLogHandler.Options()
        options.format = format
        var handler = MailLogHandler(options, showsPriority: false)
        handler[metadataKey: "part"] = "relay"
        let event = LogEvent(
            level: .notice, message: message, metadata: ["id": "7"], source: "test", file: "f",
            function: "g", line: 1)
        return handler.line(event, time: Date(timeIntervalSince1970: 0))
    }

    @Test("What libraries log keeps its words and metadata, in one line")
    func library() {
        #expect(line(.text, "a\nb=c") == "a b=c id=7 part=relay")
        #expect(line(.json, "a\nb").hasSuffix("\"text\":\"a\\u000ab id=7 part=relay\"}"))
    }

    @Test("An event reaches the handler as a value")
    func event() {
        var options = MailLogHandler.Options()
        options.format = .json
        let handler = MailLogHandler(options, showsPriority: false)
        let own = MailLogEvent.restartNeeded(key: "http.port")
        let event = LogEvent(
            level: own.level, message: "\(own.description)",
            metadata: [MailLogHandler.eventKey: .stringConvertible(own)], source: "", file: "",
            function: "", line: 1)
        let time = Date(timeIntervalSince1970: 0)
        #expect(handler.line(event, time: time) == own.json(time: time))
    }
}
