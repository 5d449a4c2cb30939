import Glibc

/// The tokens a model knows, by id.
///
/// Id 0 is padding, id 1 the unknown token; then come markers, then words by falling frequency.
/// Immutable, so any number of threads may look up at once.
public struct Vocabulary: Sendable, Equatable {
    /// The token of id 0.
    public static let padding = ModelToken.padding.rawValue
    /// The token of ``unknownID``.
    public static let unknown = ModelToken.unknown.rawValue
    /// The id of a word that the vocabulary lacks, in a pipeline without shapes.
    public static let unknownID: Int32 = 1

    /// A vocabulary file can't be read.
    public struct FormatError: Error, CustomStringConvertible {
        /// The line with the mistake, from 1 on.
        public var line: Int
        /// The mistake.
        public var reason: String
        /// The error for a human reader.
        public var description: String { "vocabulary.txt line \(line): \(reason)" }
    }

    /// UTF-8 of all tokens, one behind the other.
    private var bytes: [UInt8] = []
    /// Where each token ends in ``bytes``, behind a 0.
    private var ends: [Int32] = [0]
    /// The number of training messages that each token occurs in, by id.
    package private(set) var documentFrequency: [Int32] = []
    /// log(N / df) + 1 of each token, df of N training messages having it, by id: what a word costs
    /// a ``Spelling``.
    private(set) var rarity: [Float] = []
    /// What the tokens begin with.
    private(set) var starts = TokenStarts()
    /// The number of training messages, over which the frequencies were counted.
    public private(set) var documents: Int
    /// Open addressing; the size is a power of two and at most half full.
    private var slots: [Slot]

    /// A place of the hash table, with all that a look-up of a short token needs.
    private struct Slot: Sendable, Equatable {
        var key = TokenKey()
        /// -1 in a free slot.
        var id: Int32 = -1
    }

    /// The number of tokens.
    public var count: Int { documentFrequency.count }

    /// A vocabulary of tokens with their frequencies.
    ///
    /// - Parameters:
    ///   - tokens: UTF-8, in the order of their ids, `<pad>` and `<unk>` first, without repetition.
    ///   - documents: the number of training messages.
    public init(tokens: [(token: [UInt8], documentFrequency: Int)], documents: Int) {
        self.documents = documents
        var size = 1_024
        while size < tokens.count * 2 { size *= 2 }
        slots = [Slot](repeating: Slot(), count: size)
        for (token, frequency) in tokens {
            let id = Int32(documentFrequency.count)
            bytes += token
            ends.append(Int32(bytes.count))
            documentFrequency.append(Int32(clamping: frequency))
            rarity.append(Vocabulary.rarity(frequency, of: documents))
            starts.insert(token.span)
            let key = TokenKey(token.span)
            // An imported vocabulary has the same term for every id without one. Were each given a
            // slot, the next would have to pass them all.
            let slot = slot(key, token.span)
            if slots[slot].id < 0 { slots[slot] = Slot(key: key, id: id) }
        }
    }

    /// The id of a token in UTF-8, or nil if the vocabulary lacks it.
    public func id(_ token: ArraySlice<UInt8>) -> Int32? { id(token.span) }

    /// The id of a token in UTF-8, or nil if the vocabulary lacks it.
    func id(_ token: Span<UInt8>) -> Int32? {
        let id = slots[slot(TokenKey(token), token)].id
        return id < 0 ? nil : id
    }

    /// The id of a token, or nil if the vocabulary lacks it.
    public func id(_ token: String) -> Int32? { id(token.utf8.span) }

    /// The token of an id, which must be below ``count``.
    public func token(_ id: Int32) -> String {
        String(decoding: bytes[Int(ends[Int(id)])..<Int(ends[Int(id) + 1])], as: UTF8.self)
    }

    /// The bytes of an id's token.
    func bytes(of id: Int32) -> ArraySlice<UInt8> {
        bytes[Int(ends[Int(id)])..<Int(ends[Int(id) + 1])]
    }

    /// The content of `vocabulary.txt`: a line `#documents<TAB>number`, then one line
    /// `token<TAB>frequency` for each id.
    public var fileText: String {
        var lines = "#documents\t\(documents)\n"
        for id in 0..<Int32(count) {
            lines += "\(token(id))\t\(documentFrequency[Int(id)])\n"
        }
        return lines
    }

    /// Reads the content of `vocabulary.txt`.
    ///
    /// - Throws: ``FormatError``.
    public init(fileText: String) throws {
        var tokens: [(token: [UInt8], documentFrequency: Int)] = []
        var documents: Int?
        var seen: Set<Substring> = []
        for (index, line) in fileText.split(separator: "\n").enumerated() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 2, let number = Int(fields[1]), number >= 0 else {
                throw FormatError(line: index + 1, reason: "not a token, a tab and a number")
            }
            if index == 0 {
                guard fields[0] == "#documents" else {
                    throw FormatError(line: 1, reason: "the number of documents is missing")
                }
                documents = number
            } else {
                guard seen.insert(fields[0]).inserted else {
                    throw FormatError(line: index + 1, reason: "\(fields[0]) is there twice")
                }
                tokens.append((Array(fields[0].utf8), number))
            }
        }
        guard let documents, tokens.count >= 2, tokens[0].token == Array(Vocabulary.padding.utf8),
            tokens[1].token == Array(Vocabulary.unknown.utf8)
        else {
            throw FormatError(line: 2, reason: "does not begin with <pad> and <unk>")
        }
        self.init(tokens: tokens, documents: documents)
    }

    private static func rarity(_ frequency: Int, of documents: Int) -> Float {
        Float(log(Double(max(documents, 1)) / Double(max(frequency, 1)))) + 1
    }

    /// The slot of a token, or the free slot where it would be.
    private func slot(_ key: TokenKey, _ token: Span<UInt8>) -> Int {
        let mask = slots.count - 1
        var slot = key.hash & mask
        while slots[slot].id >= 0 {
            if slots[slot].key == key, key.isWhole || equals(slots[slot].id, token) { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private func equals(_ id: Int32, _ token: Span<UInt8>) -> Bool {
        let start = Int(ends[Int(id)])
        for offset in token.indices where bytes[start + offset] != token[offset] { return false }
        return true
    }
}
