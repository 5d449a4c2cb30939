import ArgumentParser
import Foundation
import Manual

/// `siftd manual`, which `make man` calls.
struct ManualCommand: AsyncParsableCommand {
    /// Pages that are made of what the program knows of itself.
    enum Page: String, ExpressibleByArgument, CaseIterable {
        case commands = "siftd.8"
        case settings = "siftd.toml.5"
    }

    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print a manual page in mdoc(7).", shouldDisplay: false)

    @Argument(help: .init("siftd.8 or siftd.toml.5.", valueName: "page")) var page: Page

    func run() async throws {
        switch page {
        case .settings: print(SettingsPage().text, terminator: "")
        case .commands:
            let tree = try JSONDecoder().decode(
                CommandTree.self, from: Data(Siftd._dumpHelp().utf8))
            print(CommandPage(tree).text, terminator: "")
        }
    }
}
