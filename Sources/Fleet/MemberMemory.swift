import Foundation

/// What a host remembers of the activations that it has followed; kept beside its registry.
struct MemberMemory: Codable, Sendable, Equatable {
    /// The last activation that it has followed; 0 for none.
    var revision: Int64 = 0
    /// The digest of that activation's model; nil for none.
    ///
    /// A database that was restored from a backup gives a revision a second time.
    var digest: String?
    /// The version that this activation made the active one of the registry.
    var version: String?
    /// The version of the registry that it has proposed to all and waits for.
    var proposed: String?
}

extension MemberMemory {
    /// Whether an activation is the one that was followed last.
    func isAt(_ activation: FleetActivation) -> Bool {
        revision == activation.revision && digest ?? activation.digest == activation.digest
    }

    /// Reads the file; nil when it is not there or can't be read, which costs a look at the models.
    static func read(_ path: String) -> MemberMemory? {
        FileManager.default.contents(atPath: path).flatMap {
            try? JSONDecoder().decode(MemberMemory.self, from: $0)
        }
    }

    /// Replaces the file in one step.
    func write(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
