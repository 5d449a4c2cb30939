import ArgumentParser

/// `siftd model`: what is done with models beside training and scoring.
struct Model: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import models that were trained elsewhere.", subcommands: [ModelImport.self])
}
