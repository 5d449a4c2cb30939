import Foundation
import Logging

/// A log line as a JSON object with the same keys in the same order.
struct LogObject {
    let text: String

    /// - Parameter line: `ID: key=value key="quoted value" words …`
    init(_ line: String, level: Logger.Level, now: Date = Date()) {
        var fields: [(String, String)] = [
            ("ts", now.ISO8601Format(.init(includingFractionalSeconds: true))),
            ("level", level.rawValue),
        ]
        var words: [Substring] = []
        var rest = line[...]
        if let colon = rest.firstIndex(of: ":"),
            !rest[..<colon].contains(where: { " =".contains($0) })
        {
            fields.append(("id", String(rest[..<colon])))
            rest = rest[rest.index(after: colon)...]
        }
        while let field = LogObject.next(&rest) {
            if let key = field.key {
                fields.append((String(key), field.value))
            } else {
                words.append(field.value[...])
            }
        }
        if !words.isEmpty { fields.append(("text", words.joined(separator: " "))) }
        text =
            "{"
            + fields.map { "\(LogObject.quoted($0.0)):\(LogObject.quoted($0.1))" }
            .joined(separator: ",") + "}"
    }

    /// The next word: `key=value`, or only a value.
    private static func next(_ rest: inout Substring) -> (key: Substring?, value: String)? {
        rest = rest.drop { $0 == " " }
        guard !rest.isEmpty else { return nil }
        var word = rest.prefix { $0 != " " }
        var key: Substring?
        if let equals = word.firstIndex(of: "="), equals > word.startIndex,
            word[..<equals].allSatisfy({ $0.isLetter || $0 == "_" })
        {
            key = word[..<equals]
            word = word[word.index(after: equals)...]
            if word.hasPrefix("\"") {
                let inside = rest[rest.index(after: word.startIndex)...]
                let value = inside.prefix { $0 != "\"" }
                rest = inside[value.endIndex...].dropFirst()
                return (key, String(value))
            }
        }
        rest = rest[word.endIndex...]
        return (key, String(word))
    }

    private static func quoted(_ value: String) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
