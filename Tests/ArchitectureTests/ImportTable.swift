import Foundation

/// The table `module | may import` of `docs/architecture.md`.
struct ImportTable {
    /// Modules in the table's order.
    private(set) var modules: [String] = []
    /// The modules that a module may import.
    private(set) var permitted: [String: Set<String>] = [:]

    /// Parses the first table whose header is `module | may import`.
    init(markdown: String) {
        var isInTable = false
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            let cells = line.split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            if cells == ["module", "may import"] {
                isInTable = true
            } else if isInTable {
                guard cells.count == 2 else { return }
                guard let module = ImportTable.names(cells[0]).first else { continue }
                modules.append(module)
                permitted[module] = Set(ImportTable.names(cells[1]))
            }
        }
    }

    /// The words in backticks.
    private static func names(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
