import CConfinement

/// What a process of siftd's that reads files of others may take and do.
public enum Confinement {
    /// Bounds this process: no more memory, no network, no new privileges.
    ///
    /// - Parameter memory: bytes of address space.
    public static func begin(memory: UInt64) { _ = siftd_confine(memory, 0, 0) }

    /// Lets this process end with the one that started it.
    ///
    /// - Parameter parent: that process.
    public static func end(with parent: Int32) { siftd_end_with(parent) }
}
