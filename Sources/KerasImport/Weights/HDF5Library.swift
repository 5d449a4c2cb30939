import Synchronization

/// libhdf5, whose state is global: one thread at a time may call it.
enum HDF5Library {
    private static let files = Mutex(0)

    /// Runs calls of the library; `body` gets a name that no other file in memory has.
    ///
    /// Calls must not be nested.
    static func run<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        try files.withLock { count in
            count += 1
            return try body("memory \(count)")
        }
    }
}
