import FilterPolicy
import Foundation
import MailText
import SpamFilter
import TOMLKit

/// Reads one file after the other into the same settings and gathers every problem.
struct SettingsReader {
    private(set) var settings = SiftdSettings()
    private var errors: [SettingsError] = []
    /// Where a key was set last, for problems between keys.
    private var origins: [String: (file: String, line: Int)] = [:]
    /// Keys of earlier versions that are still read.
    private let formerKeys: [FormerKey]

    init(formerKeys: [FormerKey] = FormerKey.all) { self.formerKeys = formerKeys }

    mutating func read(path: String) {
        let content: [UInt8]
        do throws(ValueError) { content = try FileContent.bytes(of: path) } catch {
            return add(path, 0, error.reason)
        }
        guard let text = String(bytes: content, encoding: .utf8) else {
            return add(path, 0, "is not UTF-8")
        }
        read(text, file: path)
    }

    /// Reads `conf.d/*.toml` beside a file, in byte order; only there need not be such a directory.
    mutating func read(partsBeside path: String) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            .appendingPathComponent("conf.d").path
        // Foundation's own errors hide what the system said.
        guard let directory = opendir(folder) else {
            let code = errno
            guard code != ENOENT else { return }
            return add(folder, 0, FileContent.unreadable(code).reason)
        }
        closedir(directory)
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            return add(folder, 0, "can't be read: \(error.localizedDescription)")
        }
        let parts = names.filter { $0.hasSuffix(".toml") && !$0.hasPrefix(".") }
            .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        for name in parts { read(path: "\(folder)/\(name)") }
    }

    mutating func read(_ text: String, file: String) {
        // The parser would take it for the end, and the rest for unset.
        if let zero = text.utf8.firstIndex(of: 0) {
            let line = text[..<zero].utf8.count { $0 == UInt8(ascii: "\n") } + 1
            return add(file, line, "a NUL byte; is this a text file?")
        }
        let table: TOMLTable
        do { table = try TOMLTable(string: text) } catch {
            let line = (error as? TOMLParseError)?.source.begin.line ?? 0
            return add(file, line, (error as? TOMLParseError)?.description ?? "\(error)")
        }
        let places = KeyPlaces(text)
        for (section, value) in table {
            guard let content = value.table else {
                let isSection = SettingKey.all.contains { $0.section == section }
                add(
                    file, places.line("", section),
                    isSection
                        ? "\(section) is a section: write [\(section)] and its keys below"
                        : SettingsReader.unknown(section, in: ""))
                continue
            }
            if section == RecipientKey.section {
                readRecipients(content, file, places)
                continue
            }
            let keys = SettingKey.all.filter { $0.section == section }
            guard !keys.isEmpty else {
                add(file, places.line(ofSection: section), SettingsReader.unknownSection(section))
                continue
            }
            // Former keys first: in the same file the new one counts.
            for (name, value) in content where !keys.contains(where: { $0.name == name }) {
                let line = places.line(section, name)
                let value = SettingsReader.value(value)
                guard !readFormer("\(section).\(name)", value, file, line) else { continue }
                add(file, line, SettingsReader.unknown(name, in: section))
            }
            for key in keys {
                guard let value = content[key.name] else { continue }
                let line = places.line(section, key.name)
                read(key, SettingsReader.value(value), file, line)
            }
        }
    }

    private mutating func read(
        _ key: SettingKey, _ value: ConfigurationValue, _ file: String, _ line: Int
    ) {
        origins[key.path] = (file, line)
        do { try key.read(&settings, value) } catch {
            add(file, line, "\(key.path) \((error as? ValueError)?.reason ?? "\(error)")")
        }
    }

    /// Reads a key of an earlier version; false when there was none of that name.
    private mutating func readFormer(
        _ path: String, _ value: ConfigurationValue, _ file: String, _ line: Int
    ) -> Bool {
        guard let former = formerKeys.first(where: { $0.path == path }) else { return false }
        settings.warnings.append(
            SettingsError(
                file: file, line: line, reason: "\(path) is of an earlier version. \(former.advice)"
            ))
        for key in SettingKey.all where former.successors.contains(key.path) {
            read(key, value, file, line)
        }
        return true
    }

    private mutating func readRecipients(
        _ tables: TOMLTable, _ file: String, _ places: KeyPlaces
    ) {
        for (name, value) in tables {
            let section = "\(RecipientKey.section).\"\(name)\""
            let start = max(
                places.line(ofSection: section),
                places.line(ofSection: "\(RecipientKey.section).\(name)"))
            guard let content = value.table, name.contains(".") || name.contains("@") else {
                let line = start > 0 ? start : places.line(RecipientKey.section, name)
                add(
                    file, line,
                    "recipient.\(name) is no table like [recipient.\"example.org\"] or "
                        + "[recipient.\"user@example.org\"]")
                continue
            }
            let pattern: AddressPattern
            do throws(AddressPattern.Defect) {
                pattern = try AddressPattern(name, allowsBelow: false)
            } catch {
                add(file, start, "recipient.\"\(name)\": \(name) \(error.reason)")
                continue
            }
            var policy =
                settings.policy.recipients[pattern.description] ?? RecipientPolicy()
            for (word, value) in content {
                let line = places.line(section, word)
                guard let key = RecipientKey.all.first(where: { $0.name == word }) else {
                    let near = nearest(word, among: RecipientKey.all.map(\.name))
                    let hint = near.map { "; did you mean \"\($0)\"?" } ?? ""
                    add(file, line, "unknown key \"\(word)\" in [\(section)]\(hint)")
                    continue
                }
                do { try key.read(&policy, SettingsReader.value(value)) } catch {
                    let reason = (error as? ValueError)?.reason ?? "\(error)"
                    add(file, line, "\(section).\(word) \(reason)")
                }
            }
            settings.policy.recipients[pattern.description] = policy
        }
    }

    /// Variables such as `SIFTD_POLICY_MODE=monitor` outweigh the files: for containers.
    mutating func read(environment: [String: String]) {
        for (variable, text) in environment.sorted(by: { $0.key < $1.key }) {
            guard variable.hasPrefix("SIFTD_") else { continue }
            let word = variable.dropFirst(6).lowercased()
            let key = SettingKey.all.first { "\($0.section)_\($0.name)" == word }
            guard let key else {
                let former = formerKeys.first { $0.path.replacing(".", with: "_") == word }
                if let former {
                    let value = SettingsReader.value(ofVariable: text)
                    _ = readFormer(former.path, value, "environment \(variable)", 0)
                    continue
                }
                // Variables of other programs may begin like ours, but hardly with a section.
                if SettingKey.all.contains(where: { word.hasPrefix("\($0.section)_") }) {
                    let names = SettingKey.all.map { "SIFTD_\($0.section)_\($0.name)".uppercased() }
                    let near = nearest(variable, among: names)
                    let hint = near.map { "; did you mean \($0)?" } ?? ""
                    add("environment", 0, "\(variable) is no setting\(hint)")
                }
                continue
            }
            read(key, SettingsReader.value(ofVariable: text), "environment \(variable)", 0)
        }
    }

    /// The settings, when nothing is wrong with them, alone or together.
    mutating func finish() throws(SettingsErrors) -> SiftdSettings {
        let rules =
            settings.policy.rules + settings.policy.recipients.values.flatMap { $0.rules ?? [] }
        if rules.contains(where: { $0.action == .redirect }), settings.policy.redirectTo.isEmpty {
            add("policy.actions", "redirects, but policy.redirect_to names no mailbox")
        }
        if settings.exempt.size > settings.scan.bodyBytes {
            add("exempt.size", "is above scan.body_limit, so no message can be seen to reach it")
        }
        if settings.sharesPort { add("http.port", "is milter.socket's port too") }
        if settings.http.isOpen {
            add(
                "http.address",
                "is not loopback, so http.read_token_file and http.write_token_file must name files "
                    + "with tokens")
        }
        guard errors.isEmpty else {
            throw SettingsErrors(errors.sorted { ($0.file, $0.line) < ($1.file, $1.line) })
        }
        return settings
    }

    private mutating func add(_ file: String, _ line: Int, _ reason: String) {
        errors.append(SettingsError(file: file, line: line, reason: reason))
    }

    private mutating func add(_ path: String, _ reason: String) {
        let origin = origins[path]
        add(origin?.file ?? "settings", origin?.line ?? 0, "\(path) \(reason)")
    }

    // MARK: Values and words

    private static func value(_ value: any TOMLValueConvertible) -> ConfigurationValue {
        if let value = value.string { return .string(value) }
        if let value = value.bool { return .bool(value) }
        if let value = value.int { return .integer(value) }
        if let value = value.double { return .number(value) }
        if let array = value.array {
            let strings = array.compactMap(\.string)
            if strings.count == array.count { return .strings(strings) }
        }
        return .other("\(value.type)")
    }

    /// As it would stand in a file; what is no TOML value is a text.
    private static func value(ofVariable text: String) -> ConfigurationValue {
        guard let table = try? TOMLTable(string: "x = \(text)"), table.keys.count == 1,
            let first = table["x"]
        else { return .string(text) }
        return value(first)
    }

    private static func unknown(_ name: String, in section: String) -> String {
        let names = Set(
            section.isEmpty
                ? SettingKey.all.map(\.section)
                : SettingKey.all.filter { $0.section == section }.map(\.name))
        let reason = "unknown key \"\(name)\"" + (section.isEmpty ? "" : " in [\(section)]")
        if let near = nearest(name, among: names.sorted()) {
            return reason + "; did you mean \"\(near)\"?"
        }
        let home = SettingKey.all.first { $0.name == name }
        return reason + (home.map { "; it belongs in [\($0.section)]" } ?? "")
    }

    private static func unknownSection(_ section: String) -> String {
        let names = Set(SettingKey.all.map(\.section) + [RecipientKey.section]).sorted()
        let hint = nearest(section, among: names).map { "; did you mean [\($0)]?" } ?? ""
        return "unknown section [\(section)]" + hint
    }
}
