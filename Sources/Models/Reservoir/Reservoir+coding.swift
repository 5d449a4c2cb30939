import Checksums
import TextFeatures

// The form: magic, version of the form and of the text pipeline; the names of data sets and labels;
// a dictionary of all tokens, the most frequent first; the messages, each with the indices of its
// set, its label and its tokens; SHA-256 of all that. Numbers are LEB128, so that a common word
// takes one byte.

extension Reservoir {
    private static let magic: [UInt8] = Array("siftRV".utf8)
    private static let formVersion: UInt64 = 1
    private static let checksumSize = 32
    /// Entries of a table at most, against absurd files.
    private static let longestTable = 1 << 24

    /// A token as the dictionary holds it.
    private struct Entry: Hashable {
        var kind: UInt8
        var text: [UInt8]
    }

    /// The reservoir as bytes.
    public var encoded: [UInt8] {
        let entries = messages.map { message in
            message.tokens.tokens.map {
                Entry(kind: $0.kind.rawValue, text: Array(message.tokens.text($0)))
            }
        }
        var counts: [Entry: Int] = [:]
        for entry in entries.joined() { counts[entry, default: 0] += 1 }
        let dictionary = counts.sorted {
            $0.value != $1.value
                ? $0.value > $1.value
                : ($0.key.kind, $0.key.text.count) != ($1.key.kind, $1.key.text.count)
                    ? ($0.key.kind, $0.key.text.count) < ($1.key.kind, $1.key.text.count)
                    : $0.key.text.lexicographicallyPrecedes($1.key.text)
        }.map(\.key)
        let indices = Dictionary(uniqueKeysWithValues: zip(dictionary, UInt64(0)...))
        let sets = Set(messages.map(\.set)).sorted()
        let labels = Set(messages.map(\.label)).sorted()

        var writer = LEB128Writer(Reservoir.magic)
        writer.append(Reservoir.formVersion)
        writer.append(UInt64(TextPipelineSpec.currentVersion))
        for names in [sets, labels] {
            writer.append(UInt64(names.count))
            for name in names { writer.append(Array(name.utf8)) }
        }
        writer.append(UInt64(dictionary.count))
        for entry in dictionary {
            writer.append(UInt64(entry.kind))
            writer.append(entry.text)
        }
        writer.append(UInt64(messages.count))
        for (message, entries) in zip(messages, entries) {
            writer.append(UInt64(sets.firstIndex(of: message.set) ?? 0))
            writer.append(UInt64(labels.firstIndex(of: message.label) ?? 0))
            writer.append(message.date.map { UInt64(max($0, 0)) + 1 } ?? 0)
            writer.append(UInt64(entries.count))
            for entry in entries { writer.append(indices[entry] ?? 0) }
        }
        return writer.bytes + SHA256.digest(writer.bytes)
    }

    /// Reads a reservoir.
    ///
    /// - Parameter bytes: made by ``encoded``.
    /// - Throws: ``ReservoirError``.
    public init(encoded bytes: [UInt8]) throws(ReservoirError) {
        let end = bytes.count - Reservoir.checksumSize
        guard bytes.starts(with: Reservoir.magic), end >= Reservoir.magic.count else {
            throw ReservoirError("does not begin like one")
        }
        guard SHA256.digest(Array(bytes[..<end])) == Array(bytes[end...]) else {
            throw ReservoirError("is damaged: its checksum is wrong")
        }
        var reader = LEB128Reader(bytes[Reservoir.magic.count..<end])
        guard try reader.next() == Reservoir.formVersion,
            try reader.next() == UInt64(TextPipelineSpec.currentVersion)
        else {
            throw ReservoirError(
                "is of another version of siftd; make it again with siftd train --keep-reservoir")
        }
        let sets = try Reservoir.names(&reader)
        let labels = try Reservoir.names(&reader)
        var dictionary: [(kind: TokenStream.Kind, text: ArraySlice<UInt8>)] = []
        for _ in 0..<(try reader.next(below: Reservoir.longestTable)) {
            guard let kind = TokenStream.Kind(rawValue: UInt8(try reader.next(below: 256))) else {
                throw ReservoirError("holds a token of an unknown kind")
            }
            dictionary.append((kind, try reader.nextBytes()))
        }
        var messages: [Message] = []
        for _ in 0..<(try reader.next(below: Reservoir.longestTable)) {
            let set = sets[try reader.next(below: sets.count)]
            let label = labels[try reader.next(below: labels.count)]
            let date = try reader.next()
            guard date <= UInt64(Int64.max) else { throw ReservoirError("holds no date") }
            var tokens = TokenStream()
            for _ in 0..<(try reader.next(below: Reservoir.head + Reservoir.tail + 1)) {
                let token = dictionary[try reader.next(below: dictionary.count)]
                tokens.append(token.text, token.kind)
            }
            messages.append(
                Message(
                    set: set, label: label, date: date == 0 ? nil : Int64(date) - 1,
                    tokens: tokens))
        }
        guard reader.isAtEnd else { throw ReservoirError("has bytes behind its end") }
        self.init(messages)
    }

    private static func names(_ reader: inout LEB128Reader) throws(ReservoirError) -> [String] {
        var names: [String] = []
        for _ in 0..<(try reader.next(below: Reservoir.longestTable)) {
            names.append(String(decoding: try reader.nextBytes(), as: UTF8.self))
        }
        return names
    }
}
