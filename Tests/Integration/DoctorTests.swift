import FilterTestKit
import Foundation
import Testing

/// `siftd doctor` beside a running daemon and a real Postfix.
@Suite(.enabled(if: DaemonProcess.isBuilt, "build the siftd product first"))
struct DoctorTests {
    private func doctor(
        _ daemon: DaemonProcess, _ flags: [String] = []
    ) throws -> Command.Output {
        let name = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "root"
        return try Command.run(
            DaemonProcess.binary,
            ["doctor", "--config", daemon.configPath, "--user", name] + flags)
    }

    @Test("Beside a daemon it sends a message, and names what is open; JSON says the same")
    func daemon() throws {
        let daemon = try DaemonProcess(configuration: "[learn]\nenabled = false\n")
        let output = try doctor(daemon, ["--postfix-config", "/nonexistent"])
        #expect(
            output.out.contains("ok       socket: siftd listens on unix:\(daemon.socketPath)\n"))
        #expect(output.out.contains("ok       message: a message through unix:"))
        #expect(output.out.contains("WARNING  exposure: every local user may use the socket"))
        #expect(output.status == 1, "\(output.out)")
        #expect(daemon.log.contains("DOCTOR: verdict=ham"))
        let json = try doctor(daemon, ["--json", "--no-message"])
        #expect(json.status == 1 && json.out.contains("\"state\" : \"warning\""))
        #expect(!json.out.contains("was judged"))
    }

    @Test("A daemon that is away is a failure, and a failed start points to it")
    func away() throws {
        let daemon = try DaemonProcess()
        daemon.signal(SIGTERM)
        #expect(daemon.waitForExit(seconds: 120) == 0)
        let output = try doctor(daemon)
        #expect(output.status == 2 && output.out.contains("siftd does not run, or failed"))
        let start = try Command.run(DaemonProcess.binary, ["serve", "--config", "/nonexistent"])
        #expect(start.status == 78)
        #expect(start.err.contains("note: siftd doctor --config /nonexistent looks at"))
    }

    @Test("Of a real Postfix it reads what that is told", .needs(.postfix))
    func postfix() throws {
        let daemon = try DaemonProcess(configuration: "[learn]\nenabled = false\n")
        let postfix = try MailServer(.postfix, socket: daemon.socketPath)
        let output = try doctor(daemon, ["--postfix-config", postfix.configuration])
        #expect(output.out.contains("ok       postfix: smtpd_milters names siftd"), "\(output.out)")
        #expect(output.out.contains("ok       postfix: user postfix may use the socket"))
        #expect(output.out.contains("while siftd is away mail waits (default_action=tempfail)"))
        #expect(output.out.contains("ok       postfix: Postfix waits 300s for an answer"))
        let change = try Command.run(
            "/usr/sbin/postconf",
            ["-c", postfix.configuration, "-e", "smtpd_milters=inet:127.0.0.1:1"])
        #expect(change.status == 0)
        let without = try doctor(daemon, ["--postfix-config", postfix.configuration])
        #expect(without.status == 2 && without.out.contains("does not name siftd's socket"))
    }
}
