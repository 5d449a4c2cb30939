import ArgumentParser
import ModelRegistry

struct ModelActivate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Make a version the active one.")

    @OptionGroup var registry: RegistryOption
    @Option(help: .init("Why, for the history.", valueName: "text")) var reason = "siftd model"
    @Argument(help: .init("The version.", valueName: "id")) var id: String

    func run() async throws {
        try await SystemExit.reporting {
            let registry = try registry.open()
            guard try registry.active() != id else { return print("\(id) is active already") }
            try registry.activate(id, time: RegistryOption.now, reason: reason)
            print("\(id) is active")
            RegistryOption.remindOfReload()
        }
    }
}
