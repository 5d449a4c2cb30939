/// What is wrong with a configuration file: where, what, and the nearest right word.
public struct SettingsError: Error, CustomStringConvertible, Equatable {
    /// The file, or the environment variable.
    public var file: String
    /// From 1; 0 when the file as a whole is meant.
    public var line: Int
    /// The mistake, with the nearest right word where there is one.
    public var reason: String

    /// A mistake at a line; 0 for the file as a whole.
    public init(file: String, line: Int, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    /// `FILE:LINE: reason`.
    public var description: String {
        line > 0 ? "\(file):\(line): \(reason)" : "\(file): \(reason)"
    }
}

/// What is wrong with one value, before its place is known.
struct ValueError: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
}

/// The word of a list that takes the fewest edits to reach, if it is near enough to be meant.
func nearest(_ word: String, among words: [String]) -> String? {
    let ranked = words.map { ($0, editDistance(word, $0)) }.min { $0.1 < $1.1 }
    guard let ranked, ranked.1 <= max(2, word.count / 3) else { return nil }
    return ranked.0
}

/// Levenshtein's distance: insertions, deletions and replacements.
func editDistance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (index, character) in left.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in right.indices {
            let cost = diagonal + (character == right[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(cost, diagonal + 1, row[column] + 1)
        }
    }
    return row[right.count]
}
