import FilterPolicy
import Foundation
import Settings
import Testing

@testable import Manual

/// Pages made of what the program knows of itself.
@Suite struct ManualPageTests {
    @Test(
        "siftd.toml(5) has every key with its default, in its section, and says what needs a restart"
    )
    func keys() {
        let lines = SettingsPage().text.split(separator: "\n").map(String.init)
        var section = ""
        var found: [String] = []
        for line in lines {
            if line.hasPrefix(".Ss Section ") { section = String(line.dropFirst(12)) }
            if let item = line.firstMatch(of: /^\.It Cm ([a-z0-9_]+) No = "(.*)"$/) {
                found.append("\(section).\(item.1)")
            }
        }
        #expect(found == SettingKey.all.map(\.path))
        #expect(
            lines.count { $0 == "A change needs a restart." }
                == SettingKey.all.count(where: \.needsRestart))
        #expect(Set(Manual.sectionDescriptions.keys) == Set(SettingKey.all.map(\.section)))
    }

    @Test("Recipients' keys are those of their tables")
    func recipients() throws {
        for (name, _) in Manual.recipientKeys {
            let value =
                name == "actions" ? "[]" : ["judge", "reject"].contains(name) ? "true" : "0.5"
            _ = try SettingsFile.parse(
                "[recipient.\"example.org\"]\n\(name) = \(value)\n", file: "test")
        }
    }

    @Test("siftd-headers(7) names every field and every placeholder")
    func headers() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../share/man/man7/siftd-headers.7").path
        let page = try String(contentsOfFile: path, encoding: .utf8)
        for template in HeaderTemplate.defaults {
            #expect(page.contains(".It Li \(template.name)\n"))
        }
        for placeholder in HeaderTemplate.Placeholder.allCases {
            #expect(page.contains("Li {\(placeholder.rawValue)}"), "\(placeholder)")
        }
        #expect(page.contains("X-Spam-Original-To"))
    }

    @Test("siftd(8) has commands with options, operands and defaults")
    func commands() throws {
        let json = """
            {"command": {"commandName": "siftd", "shouldDisplay": true, "subcommands": [
              {"commandName": "hidden", "shouldDisplay": false},
              {"commandName": "model", "shouldDisplay": true, "subcommands": [
                {"commandName": "list", "abstract": "All versions.", "shouldDisplay": true, "arguments": [
                  {"kind": "option", "abstract": "Where.", "isOptional": false, "isRepeating": true,
                   "names": [{"kind": "short", "name": "d"}, {"kind": "long", "name": "dir"}],
                   "valueName": "dir", "defaultValue": "here", "shouldDisplay": true},
                  {"kind": "positional", "isOptional": true, "isRepeating": true, "valueName": "id",
                   "shouldDisplay": true},
                  {"kind": "flag", "isOptional": true, "isRepeating": false,
                   "names": [{"kind": "long", "name": "help"}], "shouldDisplay": true}]}]}]}}
            """
        let tree = try JSONDecoder().decode(CommandTree.self, from: Data(json.utf8))
        let page = CommandPage(tree).text
        #expect(
            page.contains(".Nm\n.Cm model list\n.Fl d Ar \"\\&dir\" ...\n.Op Ar \"\\&id\" ...\n"))
        #expect(page.contains(".Ss siftd model list\nAll versions.\n"))
        #expect(
            page.contains(
                ".It Fl d Ar \"\\&dir\" , Fl -dir Ar \"\\&dir\"\nWhere.\nThe default is here.\n"))
        #expect(!page.contains("hidden") && !page.contains("-help"))
    }

    @Test(
        "Text is printed as it is, whatever roff makes of it",
        arguments: [
            (".TH", "\\&.TH\n"), ("'quoted'", "\\&'quoted'\n"), ("a\\b", "a\\eb\n"),
            ("x…", "x...\n"),
            ("One. Two is two. and on", "One.\nTwo is two. and on\n"),
            ("a\nb\n\nc", "a b\n.Pp\nc\n"),
            (
                "Try:\n\n    make\n    .now\n\nDone",
                "Try:\n.Bd -literal -offset indent\nmake\n\\&.now\n.Ed\n.Pp\nDone\n"
            ),
        ])
    func escapes(_ words: String, _ expected: String) {
        var page = MdocText()
        page.words(words)
        #expect(page.text == expected)
    }

    @Test("Long paragraphs are broken")
    func breaks() {
        var page = MdocText()
        page.words(String(repeating: "word ", count: 100))
        #expect(page.text.split(separator: "\n").allSatisfy { $0.count <= 78 })
        #expect(page.text.split(separator: "\n").count == 7)
    }
}
