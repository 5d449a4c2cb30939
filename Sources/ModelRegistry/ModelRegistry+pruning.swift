import Glibc

extension ModelRegistry {
    /// Removes old versions.
    ///
    /// The newest ones, the active one, the one that a rollback leads to and one in the shadow
    /// stay.
    ///
    /// - Parameter keep: how many of the newest versions stay; negative numbers count as 0.
    /// - Returns: the ids of the removed versions, oldest first.
    /// - Throws: ``RegistryError``; versions that were removed before the failure are gone.
    public func prune(keep: Int) throws(RegistryError) -> [String] {
        try locked {
            // An active link that can't be followed must not let everything be removed.
            let active = try active()
            let target = try rollbackTarget()
            let shadow = runningShadow
            let candidates = try list().dropLast(max(keep, 0)).map(\.id).filter {
                $0 != active && $0 != target && $0 != shadow
            }
            for id in candidates {
                // The name goes first: a crash never leaves a version with half of its files.
                let scratch = "\(versionsPath)/\(ModelRegistry.oldPrefix)\(id)"
                try disk.removeTree(scratch)
                try disk.rename(versionPath(id), to: scratch)
                try disk.syncDirectory(versionsPath)
                try disk.removeTree(scratch)
            }
            return candidates
        }
    }
}
