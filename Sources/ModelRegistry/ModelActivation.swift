/// A version became the active one; a line of the registry's `history`.
public struct ModelActivation: Codable, Sendable, Equatable {
    /// Why the active version changed.
    public enum Way: String, Codable, Sendable {
        /// It was asked for.
        case activate
        /// The one active before was asked for.
        case rollback
        /// The link pointed there when the registry was opened: a crash came between the switch and
        /// its record, or somebody changed the link.
        case found
    }

    /// The version's id.
    public var version: String
    /// Why the active version changed.
    public var way: Way
    /// When, in seconds since 1970.
    public var time: Int64
    /// For whom or why, in the caller's words; may be empty.
    public var reason: String

    /// An activation; the time is in seconds since 1970.
    public init(version: String, way: Way, time: Int64, reason: String) {
        self.version = version
        self.way = way
        self.time = time
        self.reason = reason
    }

    /// The versions to which further rollbacks lead, the active one last.
    ///
    /// A rollback removes what was active since the version that it returns to.
    ///
    /// - Parameters:
    ///   - history: the activations, oldest first.
    ///   - exists: whether a version is still there; others can't be returned to.
    /// - Returns: the ids.
    public static func stack(
        _ history: [ModelActivation], exists: (String) -> Bool
    ) -> [String] {
        var stack: [String] = []
        for entry in history {
            let earlier = stack.lastIndex(of: entry.version)
            let returns =
                entry.way == .rollback
                // A crash may have cost the record of a rollback.
                || (entry.way == .found && earlier == stack.count - 2)
            if returns, let earlier {
                stack.removeSubrange((earlier + 1)...)
            } else if stack.last != entry.version {
                stack.append(entry.version)
            }
        }
        var existing: [String] = []
        for version in stack where exists(version) && existing.last != version {
            existing.append(version)
        }
        return existing
    }
}
