/// The commands of a program as ArgumentParser describes them (`--experimental-dump-help`).
public struct CommandTree: Decodable, Sendable {
    /// A command with its arguments.
    struct Command: Decodable, Sendable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var shouldDisplay: Bool
        var arguments: [Argument]?
        var subcommands: [Command]?

        /// Commands that do something, each with the words that lead to it.
        func leaves(_ path: [String] = []) -> [(path: [String], command: Command)] {
            let shown = (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
            guard !shown.isEmpty else { return [(path, self)] }
            return shown.flatMap { $0.leaves(path + [$0.commandName]) }
        }

        /// Arguments that a page names; help and version are the same everywhere.
        var shownArguments: [Argument] {
            (arguments ?? []).filter { argument in
                argument.shouldDisplay && argument.longName != "help"
                    && argument.longName != "version"
            }
        }
    }

    /// An option, a flag or an operand.
    struct Argument: Decodable, Sendable {
        enum Kind: String, Decodable { case option, flag, positional }

        struct Name: Decodable {
            var kind: String
            var name: String

            /// With its dashes.
            var flag: String { (kind == "long" ? "-" : "") + name }
        }

        var kind: Kind
        var abstract: String?
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var shouldDisplay: Bool

        var longName: String? { names?.first { $0.kind == "long" }?.name }

        /// Whether it is `--no-x` to another one's `--x`; both have the same text.
        func isOpposite(of other: Argument) -> Bool {
            guard let longName, let otherName = other.longName else { return false }
            return longName == "no-\(otherName)" && abstract == other.abstract
        }
    }

    var command: Command
}
