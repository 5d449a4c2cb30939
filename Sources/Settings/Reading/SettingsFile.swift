import FilterPolicy

/// Reads, checks and shows the configuration (TOML 1.0).
public enum SettingsFile {
    /// Reads a configuration file and what belongs to it.
    ///
    /// First the file, then those of the folder `conf.d` beside it in the order of their names,
    /// then the environment; what comes later wins. Every mistake is reported, not just the first.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - environment: variables such as `SIFTD_POLICY_MODE`.
    /// - Returns: the settings, checked.
    /// - Throws: ``SettingsErrors``.
    public static func read(
        path: String, environment: [String: String] = [:]
    ) throws -> SiftdSettings {
        var reader = SettingsReader()
        reader.read(path: path)
        reader.read(partsBeside: path)
        reader.read(environment: environment)
        return try reader.finish()
    }

    /// The defaults, changed by the environment.
    ///
    /// - Throws: ``SettingsErrors``.
    public static func defaults(environment: [String: String]) throws -> SiftdSettings {
        var reader = SettingsReader()
        reader.read(environment: environment)
        return try reader.finish()
    }

    /// Reads the text of a file; `file` is its name for mistakes.
    ///
    /// - Throws: ``SettingsErrors``.
    public static func parse(_ text: String, file: String) throws -> SiftdSettings {
        var reader = SettingsReader()
        reader.read(text, file: file)
        return try reader.finish()
    }

    /// Every key with its value, as a file that can be read back.
    ///
    /// - Parameters:
    ///   - settings: what is shown.
    ///   - commented: with comments, and every value commented out: the sample file.
    /// - Returns: the text of the file.
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
            + (commented ? RecipientKey.sample : RecipientKey.show(settings.policy.recipients))
    }
}

/// All problems of the configuration.
public struct SettingsErrors: Error, CustomStringConvertible {
    /// In the order of files and lines.
    public var errors: [SettingsError]
    /// At least one.
    public init(_ errors: [SettingsError]) { self.errors = errors }
    /// One a line.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}
