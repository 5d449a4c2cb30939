/// A key of an earlier version, which is still read, with a warning, for one release.
public struct FormerKey: Sendable {
    /// Section and name as they were, such as `policy.on_fault`.
    public let path: String
    /// Keys that take its value; empty for a key that nothing needs any more.
    public let successors: [String]
    /// The version that no longer reads it.
    public let until: String

    /// A key that was renamed, or replaced by several.
    init(_ path: String, successors: [String], until: String) {
        self.path = path
        self.successors = successors
        self.until = until
    }

    /// Every former key that is still read.
    ///
    /// Whoever renames a key adds it here, and removes those whose version has come.
    public static let all: [FormerKey] = [
        FormerKey(
            "policy.on_fault",
            successors: ["policy.on_error", "policy.on_timeout", "policy.on_overload"],
            until: "0.3")
    ]

    /// What to write instead, as a sentence.
    public var advice: String {
        guard let last = successors.last else {
            return "It has no effect any more; version \(until) refuses it."
        }
        let others = successors.dropLast().joined(separator: ", ")
        let names = others.isEmpty ? last : "\(others) and \(last)"
        return "Write \(names) instead; version \(until) refuses it."
    }
}
