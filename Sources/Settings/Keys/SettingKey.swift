/// One key of the configuration file: its name, what it is for, how it is read and shown.
///
/// The list of all keys is the only place that knows them; reading, `--dump`, the sample file and
/// the check for a restart follow it.
public struct SettingKey: Sendable {
    /// The table that it stands in.
    public let section: String
    /// Its name in the table.
    public let name: String
    /// For the admin; the comment in the sample file.
    public let comment: String
    /// Whether a changed value comes into force only with a restart.
    public internal(set) var needsRestart = false
    let read: @Sendable (inout SiftdSettings, ConfigurationValue) throws -> Void
    let show: @Sendable (SiftdSettings) -> String

    /// The value that holds while none is set, as it stands in a file.
    public var defaultValue: String { show(SiftdSettings()) }

    /// Section and name, such as `policy.mode`.
    public var path: String { "\(section).\(name)" }

    /// Keys whose values differ and come into force only with a restart.
    public static func needingRestart(
        from old: SiftdSettings, to new: SiftdSettings
    ) -> [SettingKey] {
        all.filter { $0.needsRestart && $0.show(old) != $0.show(new) }
    }

    /// The same key, which comes into force only with a restart.
    var restarting: SettingKey {
        var key = self
        key.needsRestart = true
        return key
    }
}

/// Keys whose value is of a common kind.
extension SettingKey {
    typealias Path<Value> = WritableKeyPath<SiftdSettings, Value> & Sendable

    /// `true` or `false`.
    static func flag(
        _ section: String, _ name: String, _ path: Path<Bool>, _ comment: String
    ) -> SettingKey {
        SettingKey(
            section: section, name: name, comment: comment,
            read: { $0[keyPath: path] = try $1.bool() }, show: { "\($0[keyPath: path])" })
    }

    static func integer(
        _ section: String, _ name: String, _ path: Path<Int>, in range: ClosedRange<Int>,
        _ comment: String
    ) -> SettingKey {
        SettingKey(
            section: section, name: name, comment: comment,
            read: { $0[keyPath: path] = try $1.integer(range) },
            show: { "\($0[keyPath: path])" })
    }

    static func number(
        _ section: String, _ name: String, _ path: Path<Double>, in range: ClosedRange<Double>,
        _ comment: String
    ) -> SettingKey {
        SettingKey(
            section: section, name: name, comment: comment,
            read: { $0[keyPath: path] = try $1.number(range) },
            show: { "\($0[keyPath: path])" })
    }

    /// A size with its unit.
    static func bytes(
        _ section: String, _ name: String, _ path: Path<Int>, in range: ClosedRange<Int>,
        _ comment: String
    ) -> SettingKey {
        SettingKey(
            section: section, name: name, comment: comment,
            read: { $0[keyPath: path] = try $1.bytes(range) },
            show: { Shown.bytes($0[keyPath: path]) })
    }

    /// A time with its unit; the range is in seconds.
    static func time(
        _ section: String, _ name: String, _ path: Path<Duration>, in range: ClosedRange<Double>,
        _ comment: String
    ) -> SettingKey {
        SettingKey(
            section: section, name: name, comment: comment,
            read: { $0[keyPath: path] = .seconds(try $1.seconds(range)) },
            show: { Shown.seconds($0[keyPath: path] / .seconds(1)) })
    }

    /// A text; `check` gives it as it is used, or throws a ``ValueError``.
    static func text(
        _ section: String, _ name: String, _ path: Path<String>, _ comment: String,
        check: @escaping @Sendable (ConfigurationValue) throws -> String = { try $0.string() }
    ) -> SettingKey {
        SettingKey(
            section: section, name: name, comment: comment,
            read: { $0[keyPath: path] = try check($1) }, show: { Shown.text($0[keyPath: path]) })
    }

    /// One of a few words.
    static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ section: String, _ name: String, _ path: Path<Choice>, _ comment: String
    ) -> SettingKey where Choice.RawValue == String {
        SettingKey(
            section: section, name: name, comment: comment,
            read: { $0[keyPath: path] = try $1.choice(Choice.self) },
            show: { Shown.text($0[keyPath: path].rawValue) })
    }

    /// A list whose entries are texts: `entry` reads one or throws a ``ValueError``, `show` writes
    /// it as a text that reads back.
    static func list<Entry>(
        _ section: String, _ name: String, _ path: Path<[Entry]>, _ comment: String,
        entry: @escaping @Sendable (String) throws -> Entry,
        show: @escaping @Sendable (Entry) -> String
    ) -> SettingKey {
        SettingKey(
            section: section, name: name, comment: comment,
            read: { $0[keyPath: path] = try $1.strings().map(entry) },
            show: { Shown.list($0[keyPath: path].map(show)) })
    }
}
