import ArgumentParser

/// `siftd store`.
struct Store: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at the label store, and move it into a database of several hosts.",
        subcommands: [StoreStatus.self, StoreCheck.self, StoreMigrate.self])
}
