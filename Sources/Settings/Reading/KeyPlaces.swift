import Foundation

/// On which line a key stands; the TOML library does not tell.
struct KeyPlaces {
    private var sections: [String: Int] = [:]
    private var keys: [String: Int] = [:]

    init(_ text: String) {
        var section = ""
        // To Swift, CR LF is one character.
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.hasPrefix("["), let close = trimmed.firstIndex(of: "]") {
                section = trimmed[trimmed.index(after: trimmed.startIndex)..<close]
                    .trimmingCharacters(in: .whitespaces)
                sections[section] = sections[section] ?? index + 1
            } else if let equals = trimmed.firstIndex(of: "="), !trimmed.hasPrefix("#") {
                let name = trimmed[..<equals].trimmingCharacters(
                    in: CharacterSet(charactersIn: " \t\"'"))
                keys["\(section).\(name)"] = index + 1
                // A dotted key names its section itself.
                if section.isEmpty { keys[name] = index + 1 }
            }
        }
    }

    func line(_ section: String, _ name: String) -> Int {
        keys["\(section).\(name)"] ?? keys[name] ?? sections[section] ?? 0
    }

    func line(ofSection section: String) -> Int { sections[section] ?? 0 }
}
