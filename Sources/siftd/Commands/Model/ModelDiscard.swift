import ArgumentParser
import ModelRegistry

struct ModelDiscard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Stop the version that scores beside the active one (learn.shadow_hours).",
        discussion: """
            It is not put in force by itself then; it stays in the registry, and siftd model \
            activate can still do so.
            """)

    @OptionGroup var registry: RegistryOption

    func run() async throws {
        try await SystemExit.reporting {
            let registry = try registry.open()
            guard let shadow = registry.shadow(), shadow.state == .running,
                try registry.endShadow(
                    shadow.version, .discarded, time: RegistryOption.now,
                    reason: "an admin has discarded it")
            else {
                throw RegistryError(
                    .unknownVersion, registry: registry.path,
                    reason: "no version scores beside the active one")
            }
            print("\(shadow.version) no longer scores beside the active model")
        }
    }
}
