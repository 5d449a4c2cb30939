import ArgumentParser

/// `siftd model`: what is done with models beside training and scoring.
struct Model: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import models that were trained elsewhere, and export those of siftd's.",
        subcommands: [ModelImport.self, ModelExportCommand.self])
}
