/// A header field that siftd adds: a name and a value with placeholders in braces.
public struct HeaderTemplate: Sendable, Equatable, CustomStringConvertible {
    /// What a placeholder stands for.
    public enum Placeholder: String, Sendable, CaseIterable {
        /// `YES` or `NO`.
        case flag
        /// `Yes` or `No`.
        case yesNo = "yes_no"
        case verdict, action
        /// Points, 0.00 to 10.00, and those from which on mail is spam.
        case score, required
        /// One star a point.
        case stars
        /// The probability.
        case p
        case model, version
        /// What moved the score most.
        case reasons
        /// Labels that hold, of a model that knows more than spam.
        case labels
    }

    private enum Piece: Sendable, Equatable {
        case text(String)
        case placeholder(Placeholder)
    }

    public let name: String
    /// As it was written.
    public let description: String
    private let pieces: [Piece]

    /// Why a text is no template.
    public struct Defect: Error, Equatable {
        public var reason: String
    }

    /// Reads `Name: value with {placeholders}`.
    ///
    /// - Throws: ``Defect``.
    public init(_ text: String) throws(Defect) {
        guard let colon = text.firstIndex(of: ":") else {
            throw Defect(reason: "lacks the colon between name and value")
        }
        name = String(text[..<colon])
        // Any other name could break mail: a second From, a false Received.
        guard name.lowercased().hasPrefix("x-"), name.utf8.count <= 70,
            name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw Defect(reason: "must have a name that begins with X-") }
        description = text
        var pieces: [Piece] = []
        var rest = text[text.index(after: colon)...]
        if rest.hasPrefix(" ") { rest = rest.dropFirst() }
        guard rest.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }), rest.utf8.count <= 500 else {
            throw Defect(reason: "must be printable ASCII, 500 characters at most")
        }
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw Defect(reason: "has a { without }")
            }
            let word = String(rest[rest.index(after: open)..<close])
            guard let placeholder = Placeholder(rawValue: word) else {
                let known = Placeholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
                throw Defect(reason: "has {\(word)}, which is none of \(known)")
            }
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            pieces.append(.placeholder(placeholder))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
    }

    /// Whether the field needs an explanation to be worked out.
    public var namesReasons: Bool { pieces.contains(.placeholder(.reasons)) }

    /// The value; nil when a placeholder that is all of it stands for nothing.
    func value(_ fill: (Placeholder) -> String) -> String? {
        var value = ""
        for piece in pieces {
            switch piece {
            case .text(let text): value += text
            case .placeholder(let placeholder): value += fill(placeholder)
            }
        }
        return value.isEmpty ? nil : value
    }

    /// What mail users' rules already match (conventions.md section 1).
    public static let defaults: [HeaderTemplate] = [
        "X-Spam-Flag: {flag}",
        "X-Spam-Score: {score}",
        "X-Spam-Status: {yes_no}, score={score} required={required} tests=TEXTCNN p={p} "
            + "model={model} version=siftd/{version}",
        "X-Spam-Level: {stars}",
        "X-Spam-Reason: {reasons}",
        "X-Siftd-Label: {labels}",
    ].compactMap { try? HeaderTemplate($0) }
}
