import Corpora
import FilterTestKit
import Foundation
import Learning
import Testing

/// Real Postfix in front of the real daemon with the starter model.
@Suite(.needs(.postfix), .serialized) struct PostfixTests {
    private static let starter = Checkout.file("share/siftd/models/starter")

    private static func sample(_ name: String) throws -> [UInt8] {
        let path = Checkout.file("share/siftd/samples/\(name).eml")
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test("Spam arrives marked, ham unmarked, and forged verdicts are removed")
    func delivers() throws {
        let daemon = try DaemonProcess(model: PostfixTests.starter)
        let postfix = try MailServer(.postfix, socket: daemon.socketPath)
        let forged = Array("X-Spam-Status: No, score=-9 forged\nX-Spam-Flag: NO\n".utf8)
        #expect(try postfix.send(forged + PostfixTests.sample("spam")).hasPrefix("250 2.0.0"))
        let spam = try #require(postfix.delivered(containing: "Reward Center"))
        #expect(spam.contains("\nX-Spam-Flag: YES\n") || spam.hasPrefix("X-Spam-Flag: YES\n"))
        #expect(spam.contains("X-Spam-Status: Yes, score=") && !spam.contains("forged"))
        #expect(!spam.contains("X-Spam-Flag: NO") && spam.contains("X-Spam-Level: *****"))
        #expect(try postfix.send(PostfixTests.sample("ham")).hasPrefix("250 2.0.0"))
        let ham = try #require(postfix.delivered(containing: "Rehearsal"))
        #expect(ham.contains("X-Spam-Flag: NO") && !ham.contains("X-Spam-Flag: YES"))
        #expect(postfix.milterWarnings.isEmpty, "\(postfix.milterWarnings)")
        let queueID = try #require(
            spam.split(separator: "\n").compactMap { line in
                line.contains("with ESMTP id ") ? line.split(separator: " ").last : nil
            }.first)
        #expect(daemon.log.contains("\(queueID): verdict=spam"), "the log begins with the queue id")
    }

    @Test("Mail of the shared corpora arrives judged", .enabled(if: SharedCorpora.isPresent))
    func corpora() throws {
        let folder = try #require(SharedCorpora.folder)
        let split = try SplitFile(paths: ["\(folder)/spamassassin.split.tsv"])
        let daemon = try DaemonProcess(model: PostfixTests.starter)
        let postfix = try MailServer(.postfix, socket: daemon.socketPath)
        var flags: [Label: [String: Int]] = [:]
        for label in Label.allCases {
            let messages = try SharedCorpora.messages("spamassassin.tar.zst", limit: 10) {
                $0.spamLabel == label.rawValue
                    && split.entry(set: $0.set, path: $0.path)?.part == .test
            }
            for (number, message) in messages.enumerated() {
                guard case .message(let bytes) = message.content else { continue }
                let mark = "X-Test: \(label.rawValue)-\(number)"
                #expect(
                    try postfix.send(Array("\(mark)\n".utf8) + bytes.strippingMboxLine)
                        .hasPrefix("250 2.0.0"))
                let mail = try #require(postfix.delivered(containing: mark))
                let flag = mail.contains("X-Spam-Flag: YES") ? "YES" : "NO"
                flags[label, default: [:]][flag, default: 0] += 1
            }
        }
        // The starter model finds more than nine of ten spams and errs on hardly any ham.
        #expect(flags[.spam, default: [:]]["YES", default: 0] >= 7, "\(flags)")
        #expect(flags[.ham, default: [:]]["NO", default: 0] >= 9, "\(flags)")
        #expect(postfix.milterWarnings.isEmpty, "\(postfix.milterWarnings)")
    }

    @Test("With reject on, spam is rejected with 550 5.7.1 and ham still arrives")
    func rejects() throws {
        let daemon = try DaemonProcess(
            model: PostfixTests.starter,
            configuration: "[policy]\nreject = true\nreject_text = \"Refused, 100% sure\"\n")
        let postfix = try MailServer(.postfix, socket: daemon.socketPath)
        #expect(
            try postfix.send(PostfixTests.sample("spam")).contains(
                "550 5.7.1 Refused, 100% sure"))
        #expect(try postfix.send(PostfixTests.sample("ham")).hasPrefix("250 2.0.0"))
        #expect(postfix.milterWarnings.isEmpty, "\(postfix.milterWarnings)")
    }

    @Test("With siftd stopped, Postfix replies as configured", arguments: ["tempfail", "accept"])
    func stopped(_ action: String) throws {
        let daemon = try DaemonProcess()
        let postfix = try MailServer(.postfix, socket: daemon.socketPath, action: action)
        #expect(try postfix.send(PostfixTests.sample("ham")).hasPrefix("250 2.0.0"))
        daemon.signal(SIGTERM)
        #expect(daemon.waitForExit(seconds: 120) == 0)
        let answer = try postfix.send(PostfixTests.sample("ham"))
        #expect(answer.hasPrefix(action == "accept" ? "250 2.0.0" : "451 4.7.1"))
    }
}
