import Foundation
import Testing

/// The arrows between modules are those of `docs/architecture.md`.
@Suite struct ImportTests {
    private static func table() throws -> ImportTable {
        let path = SourceImport.checkout.appendingPathComponent("docs/architecture.md")
        return ImportTable(markdown: try String(contentsOf: path, encoding: .utf8))
    }

    @Test("The table lists the folders of Sources, each below those that import it")
    func modules() throws {
        let table = try ImportTests.table()
        let sources = SourceImport.checkout.appendingPathComponent("Sources").path
        let folders = try FileManager.default.contentsOfDirectory(atPath: sources)
        #expect(Set(table.modules) == Set(folders))
        #expect(Set(table.modules).count == table.modules.count, "a module is listed twice")
        for (index, module) in table.modules.enumerated() {
            let higher = table.permitted[module, default: []].subtracting(table.modules[..<index])
            #expect(higher.isEmpty, "\(module) comes before modules that it may import")
        }
    }

    @Test("Modules import only what the table permits")
    func arrows() throws {
        let table = try ImportTests.table()
        let ours = Set(table.modules)
        let imports = try SourceImport.all().filter { ours.contains($0.imported) }
        #expect(imports.count > 200, "only \(imports.count) imports were found")
        for one in imports where !table.permitted[one.module, default: []].contains(one.imported) {
            Issue.record("\(one.location): \(one.module) may not import \(one.imported)")
        }
    }

    @Test("Each C library is imported by one module")
    func cLibraries() throws {
        let imports = try SourceImport.all()
        let libraries = try ImportTests.table().modules.filter(isC)
        #expect(!libraries.isEmpty)
        for library in libraries {
            let importers = Set(imports.filter { $0.imported == library }.map(\.module))
            #expect(importers.count == 1, "\(library) is imported by \(importers.sorted())")
        }
    }

    /// True for a folder without Swift files.
    private func isC(_ module: String) -> Bool {
        let folder = SourceImport.checkout.appendingPathComponent("Sources/\(module)").path
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return !files.contains { $0.hasSuffix(".swift") }
    }

    @Test("All forms of import declarations are found")
    func forms() {
        let text = """
            import A
            // import No
            @preconcurrency import B
            @testable public import C
            import struct D.E
            private import F.G
            let imported = "import No"
            """
        let found = SourceImport.imports(in: text, file: "M/Folder/File.swift")
        #expect(found.map(\.imported) == ["A", "B", "C", "D", "F"])
        #expect(found.map(\.location).last == "M/Folder/File.swift:6")
        #expect(found.allSatisfy { $0.module == "M" })
    }

    @Test("Of a document only the table of imports is read")
    func parsing() {
        let table = ImportTable(
            markdown: """
                | other | table |
                | --- | --- |
                | `X` | `Y` |

                | module | may import |
                | --- | --- |
                | `A` | – |
                | `B` | `A`, `C` (only for tests) |

                | `D` | `A` |
                """)
        #expect(table.modules == ["A", "B"])
        #expect(table.permitted == ["A": [], "B": ["A", "C"]])
    }
}
