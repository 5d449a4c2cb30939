import FilterTestKit
import Foundation
import Testing

/// The files of share/siftd/fleet, as far as no cluster is needed.
@Suite struct FleetFileTests {
    private static let haproxy = "/usr/sbin/haproxy"
    private static let hasYAML =
        (try? Command.run("/usr/bin/python3", ["-c", "import yaml"]).status) == 0

    @Test(
        "HAProxy takes its configuration",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: haproxy),
            "needs Debian's package haproxy"))
    func haproxyConfiguration() throws {
        let path = Checkout.file("share/siftd/fleet/haproxy.cfg")
        let output = try Command.run(FleetFileTests.haproxy, ["-c", "-f", path])
        #expect(output.status == 0 && !output.err.contains("[WARNING]"), "\(output.err)")
    }

    @Test(
        "The manifests agree with one another, and siftd takes their settings",
        .enabled(if: hasYAML, "needs Debian's package python3-yaml"))
    func manifests() throws {
        let folder = try TemporaryFolder()
        let settings = folder.file("siftd.toml")
        let output = try Command.run(
            "/usr/bin/python3",
            [
                Checkout.file("Tests/Integration/manifests.py"),
                Checkout.file("share/siftd/fleet/kubernetes"), settings,
            ])
        #expect(output.status == 0, "\(output.out)\(output.err)")
        guard DaemonProcess.isBuilt else { return }
        // Secrets are where the manifests put them, which is not here.
        var text = try String(contentsOfFile: settings, encoding: .utf8)
        text.replace("/run/secrets/siftd", with: folder.path)
        try text.write(toFile: settings, atomically: true, encoding: .utf8)
        for name in ["read-token", "write-token"] {
            let token = try folder.write(name, String(repeating: "t0k3n", count: 8))
            #expect(chmod(token, 0o600) == 0)
        }
        let checked = try Command.run(
            DaemonProcess.binary, ["check-config", "--config", settings],
            environment: [
                "SIFTD_FLEET_HOST": "siftd-7c9b-x2x4z", "SIFTD_FLEET_SIGNING_KEY": "/a/key",
            ])
        #expect(checked.status == 0, "\(checked.out)\(checked.err)")
    }
}
