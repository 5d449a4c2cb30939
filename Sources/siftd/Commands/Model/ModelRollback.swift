import ArgumentParser
import ModelRegistry

struct ModelRollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Make the version active that was so before.",
        discussion: "Again, it leads further back rather than to and fro.")

    @OptionGroup var registry: RegistryOption
    @Option(help: .init("Why, for the history.", valueName: "text")) var reason = "siftd model"

    func run() async throws {
        try await SystemExit.reporting {
            let id = try registry.open().rollback(time: RegistryOption.now, reason: reason)
            print("\(id) is active again")
            RegistryOption.remindOfReload()
        }
    }
}
