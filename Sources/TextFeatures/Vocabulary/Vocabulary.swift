import ASCIIText

/// The tokens a model knows. Id 0 is padding, id 1 the unknown token; then markers, then words by
/// falling frequency. Immutable, so any number of threads may look up at once.
public struct Vocabulary: Sendable, Equatable {
    public static let padding = "<pad>"
    public static let unknown = "<unk>"
    public static let unknownID: Int32 = 1

    /// Why a vocabulary file can't be read.
    public struct FormatError: Error, CustomStringConvertible {
        public var line: Int
        public var reason: String
        public var description: String { "vocabulary.txt line \(line): \(reason)" }
    }

    private var bytes: [UInt8] = []
    private var ends: [Int32] = [0]
    /// In how many training messages a token occurred.
    private(set) var documentFrequency: [Int32] = []
    /// Messages the frequencies were counted over.
    public private(set) var documents: Int
    /// Open addressing, -1 is free; the size is a power of two and at most half full.
    private var slots: [Int32]

    public var count: Int { documentFrequency.count }

    /// - Parameter tokens: all tokens in the order of their ids, `<pad>` and `<unk>` first, without
    ///   repetition.
    public init(tokens: [(token: [UInt8], documentFrequency: Int)], documents: Int) {
        self.documents = documents
        var size = 1_024
        while size < tokens.count * 2 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
        for (token, frequency) in tokens {
            let id = Int32(documentFrequency.count)
            bytes += token
            ends.append(Int32(bytes.count))
            documentFrequency.append(Int32(clamping: frequency))
            let slot = freeSlot(token[...])
            slots[slot] = id
        }
    }

    /// The id of a token, or nil.
    public func id(_ token: ArraySlice<UInt8>) -> Int32? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: Vocabulary.hash(token)) & mask
        while slots[slot] >= 0 {
            if equals(slots[slot], token) { return slots[slot] }
            slot = (slot + 1) & mask
        }
        return nil
    }

    public func id(_ token: String) -> Int32? { id(Array(token.utf8)[...]) }

    /// The token of an id.
    public func token(_ id: Int32) -> String {
        String(decoding: bytes[Int(ends[Int(id)])..<Int(ends[Int(id) + 1])], as: UTF8.self)
    }

    /// The file form: a head line with the number of documents, then `token<TAB>frequency` lines.
    public var fileText: String {
        var lines = "#documents\t\(documents)\n"
        for id in 0..<Int32(count) {
            lines += "\(token(id))\t\(documentFrequency[Int(id)])\n"
        }
        return lines
    }

    /// Reads the file form.
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
                    throw FormatError(line: index + 1, reason: "\(fields[0]) comes twice")
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

    private func freeSlot(_ token: ArraySlice<UInt8>) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: Vocabulary.hash(token)) & mask
        while slots[slot] >= 0 { slot = (slot + 1) & mask }
        return slot
    }

    private func equals(_ id: Int32, _ token: ArraySlice<UInt8>) -> Bool {
        let start = Int(ends[Int(id)])
        guard Int(ends[Int(id) + 1]) - start == token.count else { return false }
        var index = start
        for byte in token {
            if bytes[index] != byte { return false }
            index += 1
        }
        return true
    }

    /// FNV-1a with a final mix; the tokens of one message are too few for a flooding attack to pay.
    private static func hash(_ token: ArraySlice<UInt8>) -> UInt64 {
        let hash = FNV1a(token).value
        return hash ^ hash >> 29
    }
}
