import Checksums
import Corpora
import Feedback
import TextFeatures

/// Which part of the data a message is for, the same one forever.
///
/// A fifth is held out: no candidate is ever trained on it, so that all candidates can be compared
/// on it. A tenth is dev.
enum FrozenPart {
    /// One part of this many is held out.
    static let heldOutShare = 5

    private static let tenths: UInt64 = 10

    /// The part of a labelled message.
    ///
    /// Near-identical messages are in one part, as the key of a label never changes.
    static func part(of label: NewLabel) -> DataSplit {
        guard let key = label.nearDuplicateKey else { return part(of: label.digest.bytes) }
        return part(of: withUnsafeBytes(of: key.littleEndian) { Array($0) })
    }

    /// The part of a message of the base data.
    static func part(of tokens: TokenStream) -> DataSplit {
        part(of: Array(tokens.strings.joined(separator: " ").utf8))
    }

    private static func part(of bytes: [UInt8]) -> DataSplit {
        // Hashed once more, so that the digest's other uses choose nothing here.
        let digest = SHA256.digest(Array("siftd part ".utf8) + bytes)
        let number = digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        switch number % tenths {
        case 0, 1: return .test
        case 2: return .dev
        default: return .train
        }
    }
}
