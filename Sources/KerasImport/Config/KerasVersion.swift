/// The version of Keras that wrote a file, which decides what some words mean.
struct KerasVersion: Equatable {
    var major: Int
    var minor: Int

    /// The version in text such as `3.15.1`.
    init?(_ text: String?) {
        guard let parts = text?.split(separator: "."), parts.count >= 2,
            let major = Int(parts[0]),
            let minor = Int(parts[1].prefix { $0.isASCII && $0.isNumber })
        else { return nil }
        self.major = major
        self.minor = minor
    }

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// The version that an architecture without one was written by, told by its form.
    init(formOf config: JSON) {
        let isNew = KerasVersion.mentions(config, "batch_shape") || config.has("module")
        self.init(major: isNew ? 3 : 2, minor: isNew ? 15 : 15)
    }

    private static func mentions(_ json: JSON, _ key: String, depth: Int = 0) -> Bool {
        guard depth < 12 else { return false }
        if json.has(key) { return true }
        if let members = json.members {
            return members.contains { mentions($0.value, key, depth: depth + 1) }
        }
        guard case .array(let elements) = json else { return false }
        return elements.contains { mentions($0, key, depth: depth + 1) }
    }
}
