/// A header field that siftd adds: a name, and a value with placeholders in braces.
public struct HeaderTemplate: Sendable, Equatable, CustomStringConvertible {
    /// What can be filled in; the raw value is the word between the braces.
    public enum Placeholder: String, Sendable, CaseIterable {
        /// `YES` for spam, else `NO`.
        case flag
        /// `Yes` for spam, else `No`.
        case yesNo = "yes_no"
        /// The raw values of ``Verdict`` and ``Action``.
        case verdict, action
        /// Points, 0.00 to 10.00, and those from which on mail is spam.
        case score, required
        /// One star for each whole point.
        case stars
        /// The probability of spam with four decimals.
        case p
        /// The model's version and siftd's.
        case model, version
        /// The words and facts that moved the score most.
        case reasons
        /// The labels that apply, of a model with more labels than spam.
        case labels
    }

    /// Why a text is not a template.
    public struct Defect: Error, Equatable {
        /// Human-readable; continues a sentence that begins with the template.
        public var reason: String
    }

    private enum Piece: Sendable, Equatable {
        case text(String)
        case placeholder(Placeholder)
    }

    /// The name of the field.
    public let name: String
    /// The text it was read from.
    public let description: String
    private let pieces: [Piece]

    /// Reads `Name: value with {placeholders}`.
    ///
    /// - Parameter text: the template.
    /// - Throws: ``Defect``.
    public init(_ text: String) throws(Defect) {
        guard let colon = text.firstIndex(of: ":") else {
            throw Defect(reason: "lacks the colon between name and value")
        }
        name = String(text[..<colon])
        // Any other name could break mail: a second From, a false Received.
        guard name.lowercased().hasPrefix("x-"), name.utf8.count <= HeaderLimits.name,
            name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw Defect(reason: "must have a name that begins with X-") }
        description = text
        var value = text[text.index(after: colon)...]
        if value.hasPrefix(" ") { value = value.dropFirst() }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }),
            value.utf8.count <= HeaderLimits.templateValue
        else {
            throw Defect(
                reason: "must be printable ASCII, \(HeaderLimits.templateValue) characters at most")
        }
        pieces = try HeaderTemplate.pieces(of: value)
    }

    private static func pieces(of value: Substring) throws(Defect) -> [Piece] {
        var pieces: [Piece] = []
        var rest = value
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
        return pieces
    }

    /// Whether the field shows reasons, which take a second look at the message to find.
    public var namesReasons: Bool { pieces.contains(.placeholder(.reasons)) }

    /// The value with placeholders filled in; nil when it is empty.
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

    /// Fields with the names and forms of SpamAssassin's, which the rules of mail users match.
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
