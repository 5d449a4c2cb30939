import ArgumentParser
import ModelRegistry

struct ModelPrune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove old versions.",
        discussion:
            "The active one, the one that a rollback leads to and one that scores beside it always stay."
    )

    @OptionGroup var registry: RegistryOption
    @Option(help: .init("The newest versions that stay.", valueName: "count")) var keep = 5

    func run() async throws {
        try await SystemExit.reporting {
            guard keep >= 0 else { throw ValidationError("--keep is \(keep); it is 0 or more") }
            for id in try registry.open().prune(keep: keep) { print("removed \(id)") }
        }
    }
}
