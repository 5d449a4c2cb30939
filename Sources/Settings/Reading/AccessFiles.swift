import FilterPolicy
import Foundation

/// Reads the allow and deny files.
public enum AccessFiles {
    /// - Parameter authservID: empty means that entries for senders can't ever count.
    /// - Throws: ``SettingsErrors`` that name every file and line that is wrong.
    public static func read(
        allow: [String], deny: [String], authservID: String
    ) throws -> (allowed: AccessList, denied: AccessList) {
        var errors: [SettingsError] = []
        let allowed = read(allow, &errors)
        let denied = read(deny, &errors)
        if allowed.needsAuthentication, authservID.isEmpty, let file = allow.first {
            errors.append(
                SettingsError(
                    file: file, line: 0,
                    reason: "has \"sender\" or \"from\" entries, which count only with "
                        + "lists.authserv_id set: anybody can write any address"))
        }
        guard errors.isEmpty else { throw SettingsErrors(errors) }
        return (allowed, denied)
    }

    private static func read(_ paths: [String], _ errors: inout [SettingsError]) -> AccessList {
        var list = AccessList()
        for path in paths {
            guard let data = FileManager.default.contents(atPath: path) else {
                errors.append(
                    SettingsError(file: path, line: 0, reason: "can't be read; does it exist?"))
                continue
            }
            do throws(AccessList.LineError) {
                try list.add(String(decoding: data, as: UTF8.self))
            } catch {
                errors.append(SettingsError(file: path, line: error.line, reason: error.reason))
            }
        }
        return list
    }
}
