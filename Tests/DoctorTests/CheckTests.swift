import FilterTestKit
import Foundation
import Glibc
import Milter
import Models
import Settings
import Testing

@testable import Doctor

/// The other groups of checks, on a folder that stands for a mail server.
@Suite struct CheckTests {
    @Test("A socket is looked for, and somebody must listen on it")
    func socket() throws {
        let sample = try DoctorSample()
        #expect(try sample.findings(Check.sockets).has(.failure, "/run/siftd does not exist"))
        try sample.makeFolder("/run/siftd")
        #expect(try sample.findings(Check.sockets).has(.failure, "siftd does not run"))
        try sample.folder.write("run/siftd/milter.sock", "")
        #expect(try sample.findings(Check.sockets).has(.failure, "is no socket"))
        try FileManager.default.removeItem(atPath: sample.folder.file("run/siftd/milter.sock"))
        let descriptor = try sample.listen("/run/siftd/milter.sock")
        #expect(try sample.findings(Check.sockets).map(\.state) == [.ok])
        try sample.setMode("/run/siftd", 0o777)
        #expect(try sample.findings(Check.sockets).has(.warning, "everybody may replace"))
        close(descriptor)
        #expect(try sample.findings(Check.sockets).has(.failure, "nobody answers"))
    }

    @Test("The daemon's user must be able to make the socket")
    func folder() throws {
        let sample = try DoctorSample()
        try sample.makeFolder("/run/siftd", mode: 0o555)
        #expect(try sample.findings(Check.sockets).has(.failure, "can't make its socket"))
    }

    @Test("The spamd port's sockets are looked at where there are any, with Exim's user")
    func spamd() throws {
        #expect(try DoctorSample().findings(Check.spamd).map(\.state) == [.skipped])
        let activated = try DoctorSample("spamd.socket = \"fd:3\"").findings(Check.spamd)
        #expect(activated.has(.skipped, "fd:3 is opened by systemd"))
        let sample = try DoctorSample("spamd.socket = \"unix:/run/siftd/spamd.sock\"")
        #expect(try sample.findings(Check.spamd).has(.failure, "nobody answers"))
        try sample.makeFolder("/run/siftd")
        let descriptor = try sample.listen("/run/siftd/spamd.sock", mode: 0o600)
        defer { close(descriptor) }
        #expect(try sample.findings(Check.spamd).map(\.state) == [.ok])
        sample.surroundings.account = { Account(name: $0, user: 60_004, groups: [60_004]) }
        #expect(try sample.findings(Check.spamd).has(.failure, "so Exim can't reach siftd"))
        try sample.setMode("/run/siftd/spamd.sock", 0o666)
        #expect(try sample.findings(Check.spamd).has(.ok, "user Debian-exim may use"))
    }

    @Test("The state's folder must be the daemon's, and nobody else's")
    func state() throws {
        let sample = try DoctorSample()
        #expect(try sample.findings(Check.files).has(.warning, "/var/lib/siftd does not exist"))
        try sample.makeFolder("/var/lib/siftd", mode: 0o555)
        #expect(try sample.findings(Check.files).has(.warning, "nothing is learnt"))
        try sample.makeFolder("/var/lib/siftd", mode: 0o777)
        #expect(try sample.findings(Check.files).has(.failure, "everybody may write"))
        let chosen = try DoctorSample("learn.directory = \"/srv/learn\"")
        #expect(try chosen.findings(Check.files).has(.failure, "/srv/learn does not exist"))
        let off = try DoctorSample("learn.enabled = false")
        #expect(try off.findings(Check.files).has(.skipped, "learn.enabled"))
    }

    @Test("Files below the state's folder that another user has made are found")
    func leftBehind() throws {
        let sample = try DoctorSample()
        try sample.makeFolder("/var/lib/siftd/models/versions", mode: 0o755)
        for path in ["", "/models", "/models/versions"] {
            let path = sample.folder.path + "/var/lib/siftd" + path
            try #require(chown(path, DoctorSample.daemon.user, gid_t.max) == 0)
        }
        let before = try sample.findings(Check.files)
        #expect(before.worst == .ok, "\(before)")
        try sample.setMode("/var/lib/siftd/models/versions", 0o555)
        #expect(try sample.findings(Check.files).has(.failure, "so no retrained model is kept"))
    }

    @Test("Files that are configured must be readable, and tokens not by all")
    func files() throws {
        let sample = try DoctorSample(
            """
            [lists]
            allow = ["/etc/siftd/allow"]
            [http]
            write_token_file = "/etc/siftd/token"
            [learn]
            enabled = false
            """)
        let missing = try sample.findings(Check.files)
        #expect(missing.has(.failure, "/etc does not exist"))
        try sample.folder.write("etc/siftd/allow", "")
        try sample.folder.write("etc/siftd/token", "x")
        try sample.setMode("/etc/siftd/token", 0o644)
        #expect(try sample.findings(Check.files).has(.failure, "everybody may read the token"))
        try sample.setMode("/etc/siftd/allow", 0o000)
        #expect(try sample.findings(Check.files).has(.failure, "may not read /etc/siftd/allow"))
    }

    @Test(
        "Ports beyond this machine are named",
        arguments: [
            ("", Finding.State.ok, "no port is open"),
            ("milter.socket = \"inet:8899\"", .warning, "inet:8899 of milter.socket"),
            ("milter.socket = \"inet:8899@192.0.2.1\"", .warning, "open to other hosts"),
            ("milter.socket = \"inet:8899@127.0.0.2\"", .ok, "no port is open"),
            ("milter.mode = \"0666\"", .warning, "milter.mode"),
            (
                "[spamd]\nsocket = \"inet:783@0.0.0.0\"\nclients = [\"192.0.2.0/24\"]", .warning,
                "it answers 192.0.2.0/24"
            ),
            (
                "[spamd]\nsocket = \"inet:783@0.0.0.0\"\nclients = [\"0.0.0.0/0\"]", .failure,
                "it answers 0.0.0.0/0"
            ),
            (
                "[http]\naddress = \"0.0.0.0\"\nread_token_file = \"/r\"\nwrite_token_file = \"/w\"",
                .warning, "http.address 0.0.0.0"
            ),
        ])
    func exposure(_ configuration: String, _ state: Finding.State, _ words: String) throws {
        let findings = try DoctorSample(configuration).findings(Check.exposure)
        #expect(findings.worst == state && findings.has(state, words), "\(findings)")
    }

    @Test("Clock, descriptors and memory are those of the machine and of the running daemon")
    func machine() throws {
        let sample = try DoctorSample()
        #expect(try sample.findings(Check.machine).has(.skipped, "no siftd serve runs"))
        try sample.folder.write("proc/7/comm", "siftd\n")
        try sample.folder.write("proc/7/cmdline", "/usr/bin/siftd\0serve\0")
        let limits =
            "Limit                     Soft Limit           Hard Limit           Units     \n"
        try sample.folder.write(
            "proc/7/limits",
            limits + "Max open files            1024                 4096                 files\n")
        try sample.folder.write(
            "proc/meminfo", "MemTotal:        8000000 kB\nMemAvailable:    4000000 kB\n")
        let findings = try sample.findings(Check.machine)
        #expect(findings.has(.warning, "siftd may open 1024 files"))
        #expect(findings.has(.ok, "3906 of 7812 MiB"))
        try sample.folder.write(
            "proc/meminfo", "MemTotal:        500000 kB\nMemAvailable:    100000 kB\n")
        let small = try sample.findings(Check.machine)
        #expect(
            small.has(.warning, "only 97 MiB") && small.has(.warning, "are more than the 488 MiB"))
        try sample.makeFolder("/run/systemd/timesync")
        #expect(try sample.findings(Check.machine).has(.warning, "not synchronised"))
        sample.surroundings.now = Date(timeIntervalSince1970: 0)
        #expect(try sample.findings(Check.machine).has(.failure, "1970-01-01"))
    }

    @Test("A message through the socket must come back judged, and be wanted")
    func message() throws {
        func findings(
            _ configuration: String = "", _ answer: Result<MilterTrial.Answer, MilterTrial.Failure>
        ) throws -> [Finding] {
            let sample = try DoctorSample(configuration)
            sample.surroundings.sendMessage = { _ in answer }
            return try sample.findings(Check.message)
        }
        func answer(_ status: String?, reply: Character = "c") -> Result<
            MilterTrial.Answer, MilterTrial.Failure
        > {
            var answer = MilterTrial.Answer()
            answer.fields = status.map { ["X-Spam-Status": $0] } ?? [:]
            answer.reply = reply
            return .success(answer)
        }
        #expect(try findings("", answer("No, score=0.1")).worst == .ok)
        #expect(try findings("", answer("Yes, score=9")).worst == .failure)
        #expect(try findings("", answer("No, tests=UNSCANNED")).worst == .failure)
        #expect(try findings("", answer(nil, reply: "t")).worst == .failure)
        #expect(try findings("", answer(nil)).has(.warning, "got no field"))
        #expect(
            try findings("policy.mode = \"monitor\"", answer(nil)).has(.warning, "gets no fields"))
        #expect(try findings("", .failure(.init("gone"))).has(.failure, "gone"))
        #expect(try findings("milter.socket = \"fd:3\"", answer(nil)).worst == .skipped)
        #expect(try DoctorSample().findings(Check.message).worst == .skipped)
    }

    @Test("A model that is missing, hidden or unfit is a failure")
    func model() throws {
        let sample = try DoctorSample("model.directory = \"/srv/model\"")
        let hidden = try sample.findings(Check.model)
        #expect(
            hidden.has(.ok, "loads (/srv/model)") && hidden.has(.failure, "/srv does not exist"))
        try sample.folder.write("srv/model/config.json", "{}")
        #expect(try !sample.findings(Check.model).contains { $0.state == .failure })
        sample.surroundings.loadModel = { _ in
            .failure(ModelError(.missing, path: "/srv/model", reason: "does not exist"))
        }
        #expect(try sample.findings(Check.model).worst == .failure)
    }

    @Test("The worst finding is the exit code, and lines say what to do")
    func diagnosis() throws {
        var settings = try DoctorSample().surroundings
        settings.settings = .failure(
            SettingsErrors([SettingsError(file: "siftd.toml", line: 3, reason: "unknown key")]))
        let broken = Diagnosis(settings)
        #expect(broken.exitCode == 2 && broken.findings.count == 1)
        #expect(
            broken.text.hasPrefix("FAILURE  configuration: siftd.toml:3: unknown key\n           "))
        let states: [(Finding.State, Int32)] = [
            (.skipped, 0), (.ok, 0), (.warning, 1), (.failure, 2),
        ]
        for (state, code) in states {
            var diagnosis = broken
            diagnosis.findings = [Finding("x", .ok, "x"), Finding("x", state, "x")]
            #expect(diagnosis.exitCode == code)
        }
        let json = String(decoding: try JSONEncoder().encode(broken), as: UTF8.self)
        #expect(json.contains("\"state\":\"failure\""))
        #expect(Set(Check.all.map(\.name)).count == Check.all.count)
    }
}
