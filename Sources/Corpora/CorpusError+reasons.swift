/// The reasons, human-readable; all texts of this module's errors are here.
extension CorpusError {
    // MARK: Files

    static func missing(_ path: String) -> CorpusError {
        CorpusError(.missing, path: path, reason: "does not exist")
    }

    static func unreadable(_ path: String, _ reason: String = "can't be read") -> CorpusError {
        CorpusError(.unreadable, path: path, reason: reason)
    }

    static func unlistable(_ path: String, _ reason: String = "can't be listed") -> CorpusError {
        CorpusError(.unreadable, path: path, reason: reason)
    }

    // MARK: CSV

    static func noHeaderLine(_ path: String) -> CorpusError {
        CorpusError(.malformed(line: 1), path: path, reason: "the header line is missing")
    }

    static func noTextColumn(_ path: String, columns: [String]) -> CorpusError {
        CorpusError(
            .malformed(line: 1), path: path,
            reason: "has no column \"text\"; its columns are " + columns.joined(separator: ", "))
    }

    static func wrongFieldCount(
        _ path: String, line: Int, count: Int, expected: Int
    ) -> CorpusError {
        CorpusError(
            .malformed(line: line), path: path,
            reason: "line \(line) has \(count) fields instead of \(expected); "
                + "is a quote or a comma missing?")
    }

    static func unclosedQuote(_ path: String, line: Int) -> CorpusError {
        CorpusError(
            .malformed(line: line), path: path,
            reason: "the quote that opens on line \(line) is never closed")
    }

    static func textAfterQuote(_ path: String, line: Int) -> CorpusError {
        CorpusError(
            .malformed(line: line), path: path,
            reason: "line \(line): text follows a closing quote; quotes inside a field are "
                + "written twice")
    }

    // MARK: Splits

    static func unknownSplit(_ path: String, line: Int, name: String) -> CorpusError {
        CorpusError(
            .malformed(line: line), path: path,
            reason: "line \(line): the split \"\(name)\" is not train, dev or test")
    }

    static func brokenSplitLine(_ path: String, line: Int) -> CorpusError {
        CorpusError(
            .malformed(line: line), path: path,
            reason: "line \(line) is not path, label and train, dev or test, with tabs between")
    }
}
