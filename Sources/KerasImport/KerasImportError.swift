/// The reason why a file can't be imported, in one line.
public struct KerasImportError: Error, CustomStringConvertible {
    /// The file's name.
    public var file: String
    /// What is wrong, in which layer or member, and what to do.
    public var reason: String
    /// Whether there is no such file.
    public var isMissing: Bool

    /// An error of a file.
    public init(file: String, reason: String, isMissing: Bool = false) {
        self.file = file
        self.reason = reason
        self.isMissing = isMissing
    }

    /// A refusal with the file's name.
    init(file: String, _ refusal: Refusal) {
        self.init(file: file, reason: refusal.reason, isMissing: refusal.isMissing)
    }

    /// One line for the terminal; what comes from the file is without control characters.
    public var description: String { KerasImportError.line("\(file): \(reason)") }

    /// The longest line, in characters.
    private static let longest = 600

    static func line(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars.prefix(longest) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate:
                line.append("\u{FFFD}")
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}

/// A refusal, without the file's name.
struct Refusal: Error, CustomStringConvertible {
    var reason: String
    /// Whether there is no such file.
    var isMissing = false
    var description: String { reason }

    init(_ reason: String, isMissing: Bool = false) {
        self.reason = reason
        self.isMissing = isMissing
    }

    /// A refusal of a layer.
    init(layer: String, _ className: String, _ reason: String) {
        self.reason = "layer \"\(layer)\" (\(className)) \(reason)"
    }
}
