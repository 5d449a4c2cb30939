import FilterTestKit
import Foundation
import Settings
import Testing

@testable import Doctor

/// Sendmail's configuration beside siftd's, on a folder that stands for a mail server.
///
/// The same with a real Sendmail: Tests/Packaging/doctor.sh.
@Suite struct SendmailCheckTests {
    private static let filter =
        "Xsiftd, S=unix:/run/siftd/milter.sock, T=C:10s;S:30s;R:2m;E:5m\n"
    private static let used = "O InputMailFilters=other, siftd\n"

    private func findings(
        _ configuration: String, _ siftd: String = "",
        prepare: (DoctorSample) throws -> Void = { _ in }
    ) throws -> [Finding] {
        let sample = try DoctorSample(siftd)
        try sample.folder.write("etc/mail/sendmail.cf", configuration)
        try prepare(sample)
        return try sample.findings(Check.sendmail)
    }

    @Test("Without a sendmail.cf nothing is looked at")
    func absent() throws {
        #expect(try DoctorSample().findings(Check.sendmail).map(\.state) == [.skipped])
    }

    @Test("The filter must be defined, and used")
    func filter() throws {
        #expect(
            try findings("O InputMailFilters=\n").has(.failure, "no filter with siftd's socket"))
        let spamd = try findings("", "spamd.socket = \"fd:3\"")
        #expect(spamd.has(.warning, "somebody asks at spamd.socket") && spamd.count == 1)
        #expect(try findings(SendmailCheckTests.filter).has(.failure, "not used"))
        let good = try findings(SendmailCheckTests.used + SendmailCheckTests.filter)
        #expect(good.worst == .ok && good.has(.ok, "filter siftd is siftd"))
        #expect(try findings("#" + SendmailCheckTests.filter).has(.failure, "no filter"))
        let stale = try findings("") {
            try $0.folder.write(
                "etc/mail/sendmail.mc",
                "INPUT_MAIL_FILTER(`siftd', `S=unix:/run/siftd/milter.sock')dnl\n")
        }
        #expect(stale.has(.failure, "sendmail.mc names siftd, but") && stale.count == 1)
    }

    @Test(
        "A TCP socket is known by any of its names",
        arguments: [
            ("inet:8899", "inet:8899@127.0.0.1", true), ("inet:8899", "inet:8899@localhost", true),
            ("inet:8899@127.0.0.1", "inet:8899@localhost", true),
            ("inet:8899@192.0.2.1", "inet:8899@localhost", false),
            ("inet:8899", "inet:8898@localhost", false),
        ])
    func names(_ socket: String, _ name: String, _ isSame: Bool) throws {
        let findings = try findings(
            SendmailCheckTests.used + "Xsiftd, S=\(name), T=R:2m\n", "milter.socket = \"\(socket)\""
        )
        #expect(findings.has(.ok, "filter siftd") == isSame, "\(findings)")
    }

    @Test(
        "Sendmail must wait long enough, for all and for one answer",
        arguments: [
            ("", Finding.State.ok, "waits 300s"), (", T=C:1m", .ok, "waits 300s"),
            (", T=E:19s", .failure, "waits 19s for an answer (E:), but needs 20s"),
            (", T=E:1m;R:9s", .failure, "waits 9s for an answer (R:), but needs 10s"),
            (", T=R:10s;E:20", .ok, "waits 20s"), (", T=S:1s;E:1h30m", .ok, "waits 5400s"),
        ])
    func timeouts(_ times: String, _ state: Finding.State, _ words: String) throws {
        let findings = try findings(
            SendmailCheckTests.used + "Xsiftd, S=unix:/run/siftd/milter.sock\(times)\n")
        #expect(findings.has(state, words), "\(findings)")
    }

    @Test(
        "What happens while siftd is away is said",
        arguments: [
            ("", Finding.State.ok, "delivered unfiltered"), (", F=T", .ok, "mail waits"),
            (", F=4", .ok, "mail waits"), (", F=R", .failure, "refused for good"),
        ])
    func away(_ flags: String, _ state: Finding.State, _ words: String) throws {
        let findings = try findings(
            SendmailCheckTests.used + "Xsiftd, S=unix:/run/siftd/milter.sock\(flags)\n")
        #expect(findings.has(state, words), "\(findings)")
    }

    @Test(
        "A folder into which others may write makes Sendmail refuse the socket, unless it trusts that",
        arguments: [
            (0o750, "", false), (0o770, "", true), (0o757, "", true), (0o1777, "", true),
            (0o1777, "O DontBlameSendmail=,AssumeSafeChown,TrustStickyBit\n", false),
            (0o770, "O DontBlameSendmail=GroupWritableDirPathSafe\n", false),
            (0o757, "O DontBlameSendmail=GroupWritableDirPathSafe\n", true),
        ])
    func folders(_ mode: Int, _ trust: String, _ isRefused: Bool) throws {
        let text = trust + SendmailCheckTests.used + SendmailCheckTests.filter
        let findings = try findings(text) { try $0.makeFolder("/run/siftd", mode: mode_t(mode)) }
        #expect(findings.has(.failure, "Sendmail refuses the socket") == isRefused, "\(findings)")
    }

    @Test("The user that Sendmail becomes must reach the socket")
    func runAsUser() throws {
        let text = "O RunAsUser=smmta:smmta\n" + SendmailCheckTests.used + SendmailCheckTests.filter
        func findings(mode: mode_t, isKnown: Bool = true) throws -> [Finding] {
            try self.findings(text) { sample in
                try sample.makeFolder("/run/siftd", mode: 0o755)
                let descriptor = try sample.listen("/run/siftd/milter.sock", mode: mode)
                close(descriptor)
                sample.surroundings.account = { name in
                    isKnown ? Account(name: name, user: 60_005, groups: [60_005]) : nil
                }
            }
        }
        #expect(try findings(mode: 0o666).has(.ok, "user smmta may use the socket"))
        #expect(try findings(mode: 0o660).has(.failure, "which runs as smmta, can't reach siftd"))
        #expect(try findings(mode: 0o666, isKnown: false).has(.warning, "no user of this system"))
    }

    @Test("Changes that Sendmail has not read yet are pointed out")
    func age() throws {
        let text = SendmailCheckTests.used + SendmailCheckTests.filter
        func findings(_ file: String, seconds: Double) throws -> [Finding] {
            try self.findings("O PidFile=/run/sendmail.pid\n" + text) { sample in
                let path = try sample.folder.write(file, "")
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: seconds)], ofItemAtPath: path)
            }
        }
        #expect(
            try findings("etc/mail/sendmail.mc", seconds: 60).has(.warning, "was changed after"))
        #expect(try findings("etc/mail/sendmail.mc", seconds: -60).worst == .ok)
        #expect(
            try findings("run/sendmail.pid", seconds: -60).has(.warning, "Sendmail was started"))
        #expect(try findings("run/sendmail.pid", seconds: 60).worst == .ok)
    }

    @Test("submit.cf must not name siftd, for it is the command of any user")
    func submission() throws {
        let text = SendmailCheckTests.used + SendmailCheckTests.filter
        let plain = try findings(text) { try $0.folder.write("etc/mail/submit.cf", "") }
        #expect(plain.has(.ok, "mail of local programs"))
        let named = try findings(text) { try $0.folder.write("etc/mail/submit.cf", text) }
        #expect(named.has(.failure, "submit.cf names siftd"))
    }

    @Test(
        "Times are Sendmail's",
        arguments: [
            ("30", 30.0), ("2m", 120), ("1h30m", 5_400), ("1m5", 65), ("", nil), ("5x", nil),
            ("m", nil),
        ])
    func times(_ text: String, _ seconds: Double?) {
        #expect(SendmailSettings.seconds(text) == seconds)
    }

    @Test("A line that begins with a blank goes on with the one before it")
    func continued() {
        let settings = SendmailSettings(
            "O InputMailFilters=a,\n\tb\n# X comment\nXa, S=inet:1@localhost,\n  F=T\nXb, F=T\n")
        #expect(settings.used == ["a", "b"])
        #expect(settings.filters.map(\.name) == ["a"] && settings.filters.first?.flags == "T")
    }
}
