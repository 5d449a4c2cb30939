import Checksums
import Foundation
import Models
import TextFeatures

/// Vectors of words that were learnt from other text, for the start of training.
///
/// A text file as word2vec, GloVe and fastText write it: in each line a word and its numbers, with
/// spaces between; a first line with the count of words and of numbers may stand above. It is read
/// twice, for its form and for the words of a vocabulary, so that a large one takes little memory.
public struct WordVectors: Sendable {
    /// What a report says of the file.
    public struct Source: Codable, Sendable, Equatable {
        /// The name of the file.
        public var name: String
        /// SHA-256 of the file.
        public var sha256: String
        /// Words of the vocabulary that it has.
        public var words: Int
    }

    /// The path of the file.
    public let path: String
    /// Numbers of each word.
    public let dimensions: Int
    private let bytes: Data

    /// Opens a file and checks the form of each line.
    ///
    /// - Throws: ``TrainingError`` of the kind `missing` or `badVectors`.
    public init(path: String) throws(TrainingError) {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            throw TrainingError(.missing, path, reason: "does not exist")
        }
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw TrainingError(.badVectors, path, reason: "can't be read: \(error.systemWords)")
        }
        var dimensions = 0
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let count = WordVectors.numbers(of: line)
            // The end of the file, and a first line of two counts.
            if line.isEmpty || (number == 1 && count == 1) { continue }
            if dimensions == 0 { dimensions = count }
            if count > dimensions, WordVectors.isPhrase(line) { continue }
            guard count == dimensions, count > 0 else {
                throw TrainingError(
                    .badVectors, "\(path), line \(number)",
                    reason: "has \(count) numbers, and the lines above \(dimensions); a line is a "
                        + "word and its numbers with spaces between")
            }
        }
        guard dimensions > 0 else {
            throw TrainingError(
                .badVectors, path,
                reason: "has no word; each line is a word and its numbers with spaces between")
        }
        self.dimensions = dimensions
    }

    /// Whether a line is of several words; GloVe has a few, which no vocabulary has.
    private static func isPhrase(_ line: Data) -> Bool {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        return fields.count > 1 && Float(String(decoding: fields[1], as: UTF8.self)) == nil
    }

    /// The fields of a line behind its word.
    private static func numbers(of line: Data) -> Int {
        var count = 0
        var before = UInt8(ascii: " ")
        for byte in line where byte != UInt8(ascii: "\r") {
            if byte != UInt8(ascii: " ") && before == UInt8(ascii: " ") { count += 1 }
            before = byte
        }
        return max(count - 1, 0)
    }

    /// Checks that a network's embedding has as many numbers a token.
    ///
    /// - Throws: ``TrainingError`` of the kind `badVectors`.
    public func check(dimensions wanted: Int) throws(TrainingError) {
        guard dimensions == wanted else {
            throw TrainingError(
                .badVectors, path,
                reason: "has \(dimensions) numbers for each word, and the network \(wanted); train "
                    + "with --embedding \(dimensions)")
        }
    }

    /// The root of the mean square of the numbers, that of a random start.
    static let size = 0.1

    /// The vectors of a vocabulary's words, all multiplied by the number that gives them the size
    /// of a random start.
    ///
    /// - Returns: rows by id; those of words that the file lacks are missing.
    /// - Throws: ``TrainingError`` of the kind `badVectors` for what is no number, and when no word
    ///   of the vocabulary has a vector.
    func rows(of vocabulary: Vocabulary) throws(TrainingError) -> [Int32: [Float]] {
        var rows: [Int32: [Float]] = [:]
        var number = 0
        var squares = 0.0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let fields = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
            guard fields.count == dimensions + 1,
                let id = vocabulary.id(String(decoding: fields[0], as: UTF8.self)),
                rows[id] == nil
            else { continue }
            var row: [Float] = []
            for field in fields.dropFirst() {
                let text = String(decoding: field, as: UTF8.self)
                guard let value = Float(text), value.isFinite else {
                    throw TrainingError(
                        .badVectors, "\(path), line \(number)", reason: "has \(text) for a number")
                }
                row.append(value)
                squares += Double(value) * Double(value)
            }
            rows[id] = row
        }
        guard squares > 0 else {
            throw TrainingError(
                .badVectors, path,
                reason: rows.isEmpty
                    ? "has none of the training mail's \(vocabulary.count) words; words are in lower "
                        + "case, and in the language of the mail"
                    : "has zeros alone for the words of the training mail")
        }
        let mean = squares / Double(rows.count * dimensions)
        let factor = Float(WordVectors.size / mean.squareRoot())
        return rows.mapValues { $0.map { $0 * factor } }
    }

    /// What a report says, with the words that a vocabulary found in the file.
    func source(words: Int) -> Source {
        Source(
            name: URL(fileURLWithPath: path).lastPathComponent,
            sha256: bytes.withUnsafeBytes(SHA256.hex), words: words)
    }
}
