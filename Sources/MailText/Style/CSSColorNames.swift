/// Looks up the colour names of CSS.
enum CSSColorNames {
    private static let colors: [[UInt8]: RGB] = {
        var table: [[UInt8]: RGB] = [:]
        for entry in CSSColorTable.text.split(whereSeparator: \.isWhitespace) {
            let pair = entry.split(separator: "=")
            guard pair.count == 2 else { continue }
            table[Array(pair[0].utf8)] = Int(pair[1], radix: 16).map(RGB.init(packed:))
        }
        return table
    }()

    /// The colour of a name in lower case; nil for words that name none.
    static func color(_ name: [UInt8]) -> RGB? { colors[name] }
}
