// Before others, so that stat(2) is found in the C library and not in the C part of Dispatch.
import Glibc
import Settings

/// One group of looks at the set-up: a name and a function.
struct Check: Sendable {
    /// For the admin and for scripts.
    let name: String
    let run: @Sendable (SiftdSettings, Surroundings) -> [Finding]

    /// Every check, in the order in which an admin would look.
    static let all: [Check] = [
        Check(name: "model", run: Check.model),
        Check(name: "files", run: Check.files),
        Check(name: "database", run: Check.database),
        Check(name: "socket", run: Check.sockets),
        Check(name: "spamd", run: Check.spamd),
        Check(name: "postfix", run: Check.postfix),
        Check(name: "sendmail", run: Check.sendmail),
        Check(name: "message", run: Check.message),
        Check(name: "exposure", run: Check.exposure),
        Check(name: "machine", run: Check.machine),
    ]
}

extension Diagnosis {
    /// Looks at everything; changes nothing but that the daemon, if it runs, judges a message.
    public init(_ surroundings: Surroundings) {
        switch surroundings.settings {
        case .failure(let errors):
            findings = errors.errors.map { error in
                Finding(
                    "configuration", .failure, error.description,
                    remedy: "correct it; siftd check-config says whether all is well then")
            }
        case .success(let settings):
            findings = [
                Finding(
                    "configuration", .ok,
                    surroundings.configuration.isEmpty
                        ? "no file, so the defaults hold"
                        : "\(surroundings.configuration) has no mistakes")
            ]
            findings += settings.warnings.map { Finding("configuration", .warning, "\($0)") }
            for check in Check.all { findings += check.run(settings, surroundings) }
        }
    }
}
