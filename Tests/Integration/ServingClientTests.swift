import FilterTestKit
import Foundation
import Testing

/// The Python environment with client libraries, made by Tests/Integration/clients.sh.
enum ServingClients {
    static let python = Checkout.file(".build/clients/bin/python3")
    static let areInstalled = FileManager.default.isExecutableFile(atPath: python)
}

/// The client libraries of serving platforms: boto3, tritonclient, and requests for TensorFlow
/// Serving, which has no client for REST.
@Suite(
    .enabled(if: DaemonProcess.isBuilt, "build the siftd product first"),
    .enabled(if: ServingClients.areInstalled, "make test-deps installs the client libraries"))
struct ServingClientTests {
    private static let token = "read-0123456789abcdef"

    @Test("They get what the API answers, with and without tokens", arguments: [false, true])
    func clients(_ needsToken: Bool) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("token", ServingClientTests.token + "\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let daemon = try DaemonProcess(
            environment: needsToken ? ["SIFTD_HTTP_READ_TOKEN_FILE": path] : [:])
        let url = "http://127.0.0.1:\(daemon.httpPort)"
        let output = try Command.run(
            ServingClients.python,
            [Checkout.file("Tests/Integration/serving.py"), url]
                + (needsToken ? [ServingClientTests.token] : []))
        #expect(output.status == 0, "\(output.out)\(output.err)")
    }

    @Test(
        "In a container of SageMaker it finds model and port by itself",
        .enabled(if: getuid() == 0, "needs mount namespaces"))
    func container() throws {
        let folder = try TemporaryFolder()
        try TinyModel.shared.get().write(to: folder.file("model"))
        try folder.write("log", "")
        // A copy of /opt with the model in it, for this process alone.
        let script = """
            set -e
            mkdir \(folder.file("opt"))
            for entry in /opt/*; do
                mkdir "\(folder.file("opt"))/${entry##*/}"
                mount --rbind "$entry" "\(folder.file("opt"))/${entry##*/}"
            done
            mkdir -p \(folder.file("opt"))/ml
            cp -r \(folder.file("model")) \(folder.file("opt"))/ml/model
            mount --rbind \(folder.file("opt")) /opt
            exec \(DaemonProcess.binary) serve
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        process.arguments = ["--mount", "--propagation", "private", "sh", "-c", script]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "SIFTD_HTTP_PLATFORM": "sagemaker", "SAGEMAKER_BIND_TO_PORT": "0",
            "SIFTD_MILTER_SOCKET": "unix:\(folder.file("milter.sock"))",
            "SIFTD_LEARN_ENABLED": "false",
        ]) { $1 }
        process.standardError = FileHandle(forWritingAtPath: folder.file("log"))
        try process.run()
        defer { process.waitUntilExit() }
        defer { process.terminate() }
        func log() -> String {
            (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? ""
        }
        #expect(
            waitUntil(seconds: 120) { !process.isRunning || log().contains("http_started") })
        let port = log().firstMatch(of: /http:\/\/0\.0\.0\.0:(\d+)/).flatMap { Int($0.1) }
        let found = try #require(port, "\(log())")
        #expect(try HTTPTestClient.request("GET", "/ping", port: found).status == 200)
        let answer = try HTTPTestClient.request(
            "POST", "/invocations", port: found, host: "algo-1.example", contentType: "text/plain",
            body: Array("hello there".utf8))
        #expect(answer.status == 200 && answer.body.contains("__label__"))
        #expect(
            try HTTPTestClient.request("GET", "/metrics", port: found, host: "x").status == 404)
    }
}
