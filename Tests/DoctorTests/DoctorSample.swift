import FilterTestKit
import Foundation
import Glibc
import Milter
import Models
import Settings

@testable import Doctor

/// A folder that stands for the root of a mail server, with users and a Postfix as a test wants.
final class DoctorSample {
    let folder: TemporaryFolder
    var surroundings: Surroundings
    /// Parameters of Postfix.
    var parameters = [
        "smtpd_milters": "unix:/run/siftd/milter.sock", "non_smtpd_milters": "",
        "milter_default_action": "tempfail", "milter_content_timeout": "300s",
        "milter_protocol": "6", "queue_directory": "/var/spool/postfix", "mail_owner": "postfix",
    ]
    /// Lines of `postconf -M` and of `postconf -P`.
    var services = "smtp       inet  n       -       n       -       -       smtpd\n"
    var overrides = ""

    /// The owner of all files of the sample is this test's user.
    static let daemon = Account(
        name: "siftd", user: geteuid() == 0 ? 60_001 : geteuid(), groups: [60_001])

    /// - Parameter configuration: TOML.
    /// - Throws: when the folder can't be made or the configuration has a mistake.
    init(_ configuration: String = "") throws {
        folder = try TemporaryFolder()
        let settings = try SettingsFile.parse(configuration, file: "siftd.toml")
        surroundings = Surroundings(.success(settings), daemonUser: DoctorSample.daemon)
        surroundings.root = folder.path
        surroundings.account = { name in
            name == "postfix" ? Account(name: name, user: 60_002, groups: [60_002]) : nil
        }
        surroundings.now = Date(timeIntervalSince1970: 1_800_000_000)
        let model = try ScoringModel(TinyModel.shared.get())
        surroundings.loadModel = { _ in .success(model) }
    }

    var settings: SiftdSettings { get throws { try surroundings.settings.get() } }

    /// Makes a folder of the root with a mode; folders above it get 0755.
    func makeFolder(_ path: String, mode: mode_t = 0o755) throws {
        try FileManager.default.createDirectory(
            atPath: folder.file(path), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755])
        try setMode(path, mode)
    }

    func setMode(_ path: String, _ mode: mode_t) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: Int(mode)], ofItemAtPath: folder.path + path)
    }

    /// Makes a socket on which somebody listens until the descriptor is closed.
    func listen(_ path: String, mode: mode_t = 0o666) throws -> Int32 {
        let descriptor = try UnixSocket.listen(folder.path + path)
        try setMode(path, mode)
        return descriptor
    }

    /// Gives the surroundings the Postfix of ``parameters``, ``services`` and ``overrides``.
    func installPostfix() {
        let (parameters, services, overrides) = (parameters, services, overrides)
        surroundings.postconf = { arguments in
            switch arguments.first {
            case "-M": services
            case "-P": overrides
            default: parameters.map { "\($0.key) = \($0.value)\n" }.joined()
            }
        }
    }

    /// The findings of one group.
    func findings(
        _ run: (SiftdSettings, Surroundings) -> [Finding]
    ) throws -> [Finding] { run(try settings, surroundings) }
}

extension [Finding] {
    /// Whether a finding of a state says something.
    func has(_ state: Finding.State, _ words: String) -> Bool {
        contains { $0.state == state && $0.text.contains(words) }
    }

    var worst: Finding.State { map(\.state).max() ?? .skipped }
}
