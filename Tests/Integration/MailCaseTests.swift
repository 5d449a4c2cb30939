import FilterTestKit
import Foundation
import Testing

/// The cases of `cases/`, each with its settings, through mail servers and the protocol client.
///
/// Each case is a test for each server. The tests of one server share a daemon and the server:
/// every case is also a reload.
@Suite(.serialized, .sharedRigs) struct MailCaseTests {
    @Test(
        "Through the protocol client", .needs(.client), arguments: try MailCase.all(for: .client))
    func client(_ mail: MailCase) throws { try check(mail, .client) }

    @Test("Through Postfix", .needs(.postfix), arguments: try MailCase.all(for: .postfix))
    func postfix(_ mail: MailCase) throws { try check(mail, .postfix) }

    @Test("Through Sendmail", .needs(.sendmail), arguments: try MailCase.all(for: .sendmail))
    func sendmail(_ mail: MailCase) throws { try check(mail, .sendmail) }

    private func check(_ mail: MailCase, _ server: MailServer.Kind) throws {
        let rigs = try #require(MailRigs.current)
        let rig = try rigs.rig(server)
        try rig.configure(mail)
        let mark = "case-\(UInt64.random(in: 0 ... .max))"
        let before = rig.judgements.count
        for reply in try rig.server.send(mail, mark: mark) {
            try #require(reply.hasPrefix(mail.reply), "\(reply)")
        }
        _ = waitUntil(seconds: 120) { rig.judgements.count >= before + mail.count }
        let lines = rig.judgements.dropFirst(before)
        #expect(lines.count == mail.count, "\(lines)")
        for text in mail.log {
            #expect(lines.allSatisfy { $0.contains(text) }, "\(text) in \(lines)")
        }
        if mail.isHeld { #expect(rig.server.holds(mark), "not held") }
        guard mail.isDelivered else {
            #expect(rig.server.hasLeftQueue(mark), "still queued")
            #expect(!rig.server.hasDelivered(mark), "delivered")
            return
        }
        let arrived = try #require(rig.server.delivered(containing: mark), "not delivered")
        for text in mail.delivered {
            #expect(arrived.contains(text), "\(text) is not in \(arrived.prefix(1_500))")
        }
        for text in mail.absent {
            #expect(!arrived.contains(text), "\(text) is in \(arrived.prefix(1_500))")
        }
    }
}
