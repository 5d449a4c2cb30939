import Foundation

/// One import declaration of a file below `Sources`.
struct SourceImport {
    /// The module that imports: the folder below `Sources`.
    var module: String
    /// The module that is imported.
    var imported: String
    /// File and line, for messages.
    var location: String

    /// The folder that holds `Package.swift`.
    static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The import declarations of all Swift files below `Sources`.
    static func all() throws -> [SourceImport] {
        let sources = checkout.appendingPathComponent("Sources")
        return try FileManager.default.subpathsOfDirectory(atPath: sources.path)
            .filter { $0.hasSuffix(".swift") }.sorted()
            .flatMap { file in
                let text = try String(
                    contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
                return imports(in: text, file: file)
            }
    }

    /// The import declarations of a file.
    static func imports(in text: String, file: String) -> [SourceImport] {
        let module = String(file.prefix { $0 != "/" })
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { index, line in
            imported(by: line).map {
                SourceImport(module: module, imported: $0, location: "\(file):\(index + 1)")
            }
        }
    }

    /// The module that a line imports: `@preconcurrency public import struct A.B` imports A.
    private static func imported(by line: Substring) -> String? {
        var words = line.split(separator: " ")[...]
        let modifiers = ["public", "package", "internal", "fileprivate", "private"]
        while let word = words.first, word.hasPrefix("@") || modifiers.contains(String(word)) {
            words = words.dropFirst()
        }
        guard words.popFirst() == "import" else { return nil }
        let kinds = ["class", "enum", "func", "let", "protocol", "struct", "typealias", "var"]
        if let word = words.first, kinds.contains(String(word)) { words = words.dropFirst() }
        return words.first?.split(separator: ".").first.map(String.init)
    }
}
