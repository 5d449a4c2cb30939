import FilterPolicy
import SpamFilter

/// The allow and deny files; the section `[lists]` of the configuration.
public struct AccessFiles: Sendable, Equatable {
    /// Absolute paths.
    public var allow: [String] = []
    /// Absolute paths.
    public var deny: [String] = []
    /// The site's own authserv-id (RFC 8601); empty means that entries for senders can't ever
    /// count.
    public var authservID = ""

    /// No files.
    public init() {}

    /// All of them, which are watched for changes.
    public var paths: [String] { allow + deny }

    /// Reads and checks all files.
    ///
    /// - Throws: ``SettingsErrors`` that name every file and line with a mistake.
    public func read() throws(SettingsErrors) -> AccessLists {
        var errors: [SettingsError] = []
        var lists = AccessLists()
        lists.authservID = authservID
        lists.allowed = AccessFiles.list(of: allow, &errors)
        lists.denied = AccessFiles.list(of: deny, &errors)
        if lists.allowed.needsAuthentication, authservID.isEmpty, let file = allow.first {
            errors.append(
                SettingsError(
                    file: file, line: 0,
                    reason: "has \"sender\" or \"from\" entries, which count only with "
                        + "lists.authserv_id set: anybody can write any address"))
        }
        guard errors.isEmpty else { throw SettingsErrors(errors) }
        return lists
    }

    private static func list(
        of paths: [String], _ errors: inout [SettingsError]
    ) -> AccessList {
        var list = AccessList()
        for path in paths {
            let content: [UInt8]
            do throws(ValueError) { content = try FileContent.bytes(of: path) } catch {
                errors.append(SettingsError(file: path, line: 0, reason: error.reason))
                continue
            }
            do throws(AccessList.LineErrors) {
                try list.add(String(decoding: content, as: UTF8.self))
            } catch {
                errors += error.lines.map {
                    SettingsError(file: path, line: $0.line, reason: $0.reason)
                }
                let rest = error.count - error.lines.count
                if rest > 0 {
                    errors.append(
                        SettingsError(
                            file: path, line: 0,
                            reason: "has \(rest) more \(rest == 1 ? "line" : "lines") like these"))
                }
            }
        }
        return list
    }
}
