/// siftd(8): every command of the program.
public struct CommandPage {
    private let tree: CommandTree

    /// The page of a program.
    ///
    /// - Parameter tree: its commands.
    public init(_ tree: CommandTree) { self.tree = tree }

    /// The page in mdoc(7).
    public var text: String {
        var page = MdocText()
        let commands = tree.command.leaves()
        page.macro("Dd \(Manual.date)")
        page.macro("Dt SIFTD 8")
        page.macro("Os")
        page.macro("Sh NAME")
        page.macro("Nm siftd")
        page.macro("Nd spam filter for Postfix and Sendmail that reads text with a neural network")
        page.macro("Sh SYNOPSIS")
        for (path, command) in commands { synopsis(path, command, &page) }
        page.macro("Sh DESCRIPTION")
        page.words(Manual.description)
        page.macro("Sh COMMANDS")
        for (path, command) in commands { section(path, command, &page) }
        for (title, text) in Manual.sections {
            page.macro("Sh \(title)")
            page.words(text)
        }
        // From here on in the order that mdoc(7) wants.
        page.macro("Sh FILES")
        list(Manual.files, "Pa", &page)
        page.macro("Sh EXIT STATUS")
        list(Manual.exitCodes, "Er", &page)
        page.macro("Sh EXAMPLES")
        page.words(Manual.examples)
        page.macro("Sh SEE ALSO")
        page.macro("Xr spamc 1 ,")
        page.macro("Xr systemctl 1 ,")
        page.macro("Xr postconf 5 ,")
        page.macro("Xr siftd.toml 5 ,")
        page.macro("Xr siftd-headers 7")
        return page.text
    }

    private func synopsis(
        _ path: [String], _ command: CommandTree.Command, _ page: inout MdocText
    ) {
        page.macro("Nm")
        page.macro("Cm \(path.joined(separator: " "))")
        for argument in command.shownArguments { page.macro(synopsis(argument)) }
    }

    private func synopsis(_ argument: CommandTree.Argument) -> String {
        let value = MdocText.argument(argument.valueName ?? "value")
        let dots = argument.isRepeating ? " ..." : ""
        guard argument.kind != .positional else {
            return argument.isOptional ? "Op Ar \(value)\(dots)" : "Ar \(value)\(dots)"
        }
        let flag = argument.names?.first?.flag ?? ""
        let macro =
            argument.kind == .flag ? "Fl \(flag)\(dots)" : "Fl \(flag) Ar \(value)\(dots)"
        return argument.isOptional || argument.kind == .flag ? "Op \(macro)" : macro
    }

    private func section(
        _ path: [String], _ command: CommandTree.Command, _ page: inout MdocText
    ) {
        page.macro("Ss siftd \(path.joined(separator: " "))")
        page.words(command.abstract ?? "")
        if let discussion = command.discussion, !discussion.isEmpty {
            page.macro("Pp")
            page.words(discussion)
        }
        guard !command.shownArguments.isEmpty else { return }
        page.macro("Bl -tag -width Ds")
        for (index, argument) in command.shownArguments.enumerated() {
            let before = index > 0 ? command.shownArguments[index - 1] : nil
            if let before, argument.isOpposite(of: before) { continue }
            let after = command.shownArguments.dropFirst(index + 1).first
            let opposite = after.flatMap { $0.isOpposite(of: argument) ? $0 : nil }
            page.macro(
                "It "
                    + ([argument] + (opposite.map { [$0] } ?? [])).map(item)
                    .joined(separator: " , "))
            page.words(argument.abstract ?? "")
            if let value = argument.defaultValue, !value.isEmpty, argument.kind == .option {
                page.words("The default is \(value).")
            }
        }
        page.macro("El")
    }

    private func item(_ argument: CommandTree.Argument) -> String {
        let value = MdocText.argument(argument.valueName ?? "value")
        guard argument.kind != .positional else { return "Ar \(value)" }
        return (argument.names ?? []).map { name in
            argument.kind == .flag ? "Fl \(name.flag)" : "Fl \(name.flag) Ar \(value)"
        }.joined(separator: " , ")
    }

    private func list(
        _ items: [(name: String, text: String)], _ macro: String, _ page: inout MdocText
    ) {
        page.macro("Bl -tag -width Ds")
        for (name, text) in items {
            page.macro(macro == "Er" ? "It \(name)" : "It \(macro) \(name)")
            page.words(text)
        }
        page.macro("El")
    }
}
