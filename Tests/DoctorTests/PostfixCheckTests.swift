import Foundation
import Testing

@testable import Doctor

/// Postfix's configuration beside siftd's.
@Suite struct PostfixCheckTests {
    private static let inQueue = "milter.socket = \"unix:/var/spool/postfix/siftd/milter.sock\""
    private static let chrooted = "smtp       inet  n       -       y       -       -       smtpd\n"

    private func findings(
        _ configuration: String = "", _ change: (DoctorSample) throws -> Void
    ) throws -> [Finding] {
        let sample = try DoctorSample(configuration)
        try change(sample)
        sample.installPostfix()
        return try sample.findings(Check.postfix)
    }

    @Test("Without Postfix nothing is looked at")
    func absent() throws {
        let findings = try DoctorSample().findings(Check.postfix)
        #expect(findings.map(\.state) == [.skipped])
    }

    @Test(
        "The socket may be named as every form of Postfix's",
        arguments: [
            ("", "unix:/run/siftd/milter.sock", false),
            ("", "inet:127.0.0.1:1, unix:/run/siftd/milter.sock", false),
            ("", "{ unix:/run/siftd/milter.sock, default_action=accept }", false),
            (
                "",
                "{ unix:/run/siftd/milter.sock, default_action = accept, content_timeout=60s } inet:a:1",
                false
            ),
            (inQueue, "unix:siftd/milter.sock", true), (inQueue, "unix:siftd/milter.sock", false),
            (inQueue, "unix:/siftd/milter.sock", true),
            (inQueue, "unix:/var/spool/postfix/siftd/milter.sock", false),
            ("milter.socket = \"inet:8899@127.0.0.1\"", "inet:127.0.0.1:8899", true),
            ("milter.socket = \"inet6:8899@::1\"", "inet:[::1]:8899", true),
            ("milter.socket = \"inet:8899\"", "inet:127.0.0.1:8899", true),
        ])
    func names(_ configuration: String, _ milters: String, _ isChrooted: Bool) throws {
        let findings = try findings(configuration) { sample in
            sample.parameters["smtpd_milters"] = milters
            if isChrooted { sample.services = PostfixCheckTests.chrooted }
        }
        #expect(findings.worst == .ok, "\(findings)")
        #expect(findings.has(.ok, "smtpd_milters names siftd"))
    }

    @Test("Where somebody may ask at the spamd port, a list without siftd is a warning")
    func spamd() throws {
        let findings = try findings("spamd.socket = \"inet:1783@127.0.0.1\"") {
            $0.parameters["smtpd_milters"] = ""
        }
        #expect(findings.worst == .warning && findings.has(.warning, "asks at spamd.socket"))
    }

    @Test(
        "A list without siftd is a failure with the line to write",
        arguments: [
            ("", "", "smtpd_milters = unix:/run/siftd/milter.sock"),
            ("", "inet:127.0.0.1:11332", "smtpd_milters = unix:/run/siftd/milter.sock"),
            ("milter.socket = \"inet:8899@127.0.0.1\"", "", "smtpd_milters = inet:127.0.0.1:8899"),
        ])
    func missing(_ configuration: String, _ milters: String, _ remedy: String) throws {
        let findings = try findings(configuration) { $0.parameters["smtpd_milters"] = milters }
        let failure = try #require(findings.first { $0.state == .failure })
        #expect(failure.remedy.contains(remedy))
    }

    @Test("A socket outside the chroot is found out, with all that must be changed")
    func chroot() throws {
        let findings = try findings { $0.services = PostfixCheckTests.chrooted }
        let failure = try #require(findings.first { $0.state == .failure })
        #expect(failure.text.contains("looks for /var/spool/postfix/run/siftd/milter.sock"))
        #expect(
            failure.remedy.contains("milter.socket = \"unix:/var/spool/postfix/siftd/milter.sock\"")
        )
        let old = try self.findings { sample in
            sample.parameters["compatibility_level"] = "0"
            sample.services = "smtp       inet  n       -       -       -       -       smtpd\n"
        }
        #expect(old.has(.failure, "runs in a chroot"), "a dash in master.cf")
        let named = try self.findings(PostfixCheckTests.inQueue) {
            $0.services = PostfixCheckTests.chrooted
            $0.parameters["smtpd_milters"] = ""
        }
        #expect(named.first?.remedy.contains("smtpd_milters = unix:siftd/milter.sock") == true)
    }

    @Test("Where Debian's command is there, it is what to run")
    func command() throws {
        for milters in ["", "unix:/run/siftd/milter.sock"] {
            let findings = try findings { sample in
                try sample.folder.write("usr/sbin/siftd-postfix", "")
                sample.services = PostfixCheckTests.chrooted
                sample.parameters["smtpd_milters"] = milters
            }
            let failure = try #require(findings.first { $0.state == .failure })
            #expect(failure.remedy == "siftd-postfix enable")
        }
    }

    @Test(
        "Postfix's user must get through folders and to the socket",
        arguments: [
            (mode_t(0o755), mode_t(0o666), Finding.State.ok), (0o750, 0o666, .failure),
            (0o755, 0o660, .failure),
        ])
    func reach(_ folder: mode_t, _ socket: mode_t, _ state: Finding.State) throws {
        let sample = try DoctorSample()
        try sample.makeFolder("/run/siftd")
        let descriptor = try sample.listen("/run/siftd/milter.sock", mode: socket)
        defer { close(descriptor) }
        try sample.setMode("/run/siftd", folder)
        sample.installPostfix()
        let findings = try sample.findings(Check.postfix)
        #expect(findings.worst == state)
        #expect(findings.contains { $0.text.contains("user postfix may") })
    }

    @Test(
        "What Postfix does without an answer is judged",
        arguments: [
            ("milter_default_action", "accept", Finding.State.ok, "delivered unfiltered"),
            ("milter_default_action", "reject", .failure, "lost or refused"),
            ("milter_content_timeout", "10s", .failure, "Postfix waits 10s"),
            ("milter_content_timeout", "5m", .ok, "Postfix waits 5m"),
            ("milter_protocol", "2", .warning, "milter_protocol is 2"),
            (
                "smtpd_milters", "{ unix:/run/siftd/milter.sock, content_timeout=3s }", .failure,
                "waits 3s"
            ),
            (
                "smtpd_milters", "{ unix:/run/siftd/milter.sock, default_action=discard }",
                .failure,
                "default_action=discard"
            ),
            ("non_smtpd_milters", "unix:/run/siftd/milter.sock", .ok, "passes by exempt.local"),
        ])
    func answers(_ name: String, _ value: String, _ state: Finding.State, _ words: String) throws {
        let findings = try findings { $0.parameters[name] = value }
        #expect(findings.has(state, words), "\(findings)")
        #expect(findings.worst == state)
    }

    @Test("Services that override the list are named; without siftd on port 25 that is a failure")
    func overrides() throws {
        let findings = try findings { sample in
            sample.overrides = """
                submission/inet/smtpd_milters =
                submission/inet/syslog_name = postfix/submission
                smtps/inet/smtpd_milters = unix:/run/siftd/milter.sock
                """
        }
        #expect(findings.has(.ok, "mail of submission/inet is not filtered"))
        #expect(findings.has(.ok, "mail of smtps/inet is filtered"))
        let without = try self.findings { $0.overrides = "smtp/inet/smtpd_milters = inet:a:1\n" }
        #expect(without.has(.failure, "master.cf overrides smtpd_milters for smtp/inet"))
    }
}
