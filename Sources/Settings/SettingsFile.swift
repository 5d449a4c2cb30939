import Foundation
import TOMLKit

/// Reads, checks and shows the configuration file (TOML 1.0).
public enum SettingsFile {
    /// Reads a file; every problem in it is reported, not just the first.
    ///
    /// - Throws: ``SettingsErrors``.
    public static func read(path: String) throws -> SiftdSettings {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SettingsErrors([
                SettingsError(file: path, line: 0, reason: "can't be read; does it exist?")
            ])
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw SettingsErrors([SettingsError(file: path, line: 0, reason: "is not UTF-8")])
        }
        return try parse(text, file: path)
    }

    /// - Throws: ``SettingsErrors``.
    public static func parse(_ text: String, file: String) throws -> SiftdSettings {
        let table: TOMLTable
        do { table = try TOMLTable(string: text) } catch let error as TOMLParseError {
            throw SettingsErrors([
                SettingsError(
                    file: file, line: error.source.begin.line, reason: error.description)
            ])
        }
        var settings = SiftdSettings()
        var errors: [SettingsError] = []
        let places = KeyPlaces(text)
        for (section, value) in table {
            guard let content = value.table else {
                errors.append(
                    unknown("", section, file, places, among: Set(SettingKey.all.map(\.section))))
                continue
            }
            let keys = SettingKey.all.filter { $0.section == section }
            guard !keys.isEmpty else {
                errors.append(
                    unknownSection(section, file, places))
                continue
            }
            for (name, value) in content {
                guard let key = keys.first(where: { $0.name == name }) else {
                    errors.append(
                        unknown(section, name, file, places, among: Set(keys.map(\.name))))
                    continue
                }
                do { try key.read(&settings, configurationValue(value)) } catch {
                    let reason = (error as? ValueError)?.reason ?? "\(error)"
                    errors.append(
                        SettingsError(
                            file: file, line: places.line(section, name),
                            reason: "\(key.path) \(reason)"))
                }
            }
        }
        guard errors.isEmpty else {
            throw SettingsErrors(errors.sorted { $0.line < $1.line })
        }
        return settings
    }

    /// Every key with its value, as a file that can be read back.
    ///
    /// - Parameter commented: with comments, and every value commented out: the sample file.
    public static func show(_ settings: SiftdSettings, commented: Bool = false) -> String {
        var text = ""
        var section = ""
        for key in SettingKey.all {
            if key.section != section {
                section = key.section
                text += (text.isEmpty ? "" : "\n") + "[\(section)]\n"
            }
            if commented {
                for line in key.comment.split(separator: "\n") { text += "# \(line)\n" }
            }
            text += "\(commented ? "#" : "")\(key.name) = \(key.show(settings))\n"
        }
        return text
    }

    private static func configurationValue(_ value: any TOMLValueConvertible) -> ConfigurationValue
    {
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

    private static func unknown(
        _ section: String, _ name: String, _ file: String, _ places: KeyPlaces,
        among names: Set<String>
    ) -> SettingsError {
        let home = SettingKey.all.first { $0.name == name }
        var reason = "unknown key \"\(name)\"" + (section.isEmpty ? "" : " in [\(section)]")
        if let near = nearest(name, among: names.sorted()) {
            reason += "; did you mean \"\(near)\"?"
        } else if let home {
            reason += "; it belongs in [\(home.section)]"
        }
        return SettingsError(file: file, line: places.line(section, name), reason: reason)
    }

    private static func unknownSection(
        _ section: String, _ file: String, _ places: KeyPlaces
    ) -> SettingsError {
        let names = Set(SettingKey.all.map(\.section)).sorted()
        let hint = nearest(section, among: names).map { "; did you mean [\($0)]?" } ?? ""
        return SettingsError(
            file: file, line: places.line(ofSection: section),
            reason: "unknown section [\(section)]" + hint)
    }
}

/// All problems of one file.
public struct SettingsErrors: Error, CustomStringConvertible {
    public var errors: [SettingsError]
    public init(_ errors: [SettingsError]) { self.errors = errors }
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// On which line a key stands; the TOML library does not tell.
private struct KeyPlaces {
    private var sections: [String: Int] = [:]
    private var keys: [String: Int] = [:]

    init(_ text: String) {
        var section = ""
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.hasPrefix("["), let close = trimmed.firstIndex(of: "]") {
                section = trimmed[trimmed.index(after: trimmed.startIndex)..<close]
                    .trimmingCharacters(in: .whitespaces)
                sections[section] = sections[section] ?? index + 1
            } else if let equals = trimmed.firstIndex(of: "="), !trimmed.hasPrefix("#") {
                let name = trimmed[..<equals].trimmingCharacters(
                    in: CharacterSet(charactersIn: " \t\"'"))
                keys["\(section).\(name)"] = index + 1
                // A dotted key names its section itself.
                if section.isEmpty { keys[name] = index + 1 }
            }
        }
    }

    func line(_ section: String, _ name: String) -> Int {
        keys["\(section).\(name)"] ?? keys[name] ?? sections[section] ?? 0
    }

    func line(ofSection section: String) -> Int { sections[section] ?? 0 }
}
