import TextFeatures

/// What the site layer knows about one message: keyed hashes of its words, pairs of neighbouring
/// words, and marks of its sender.
///
/// A hash has 32 bits, of which a layer uses the upper ``SiteLayer/bits``. Nothing but the site's
/// secret tells which word it stands for.
public struct SiteFeatures: Sendable, Equatable {
    /// The version of the features; stored features of another one can't be used.
    ///
    /// It changes with the hashes, with what is hashed, and with the text pipeline's tokens.
    public static let version = 1

    /// Tokens at the front of a longer message that are read.
    static let head = 750
    /// Tokens at the end of a longer message that are read.
    static let tail = 250
    /// Below so many text features two messages are alike by chance.
    static let leastText = 40
    /// Text features of a message at most: its tokens and pairs.
    static let mostText = 2 * (head + tail)
    /// Sender features of a message at most.
    static let mostSender = SenderIdentity.Kind.allCases.count

    /// Of the distinct tokens and pairs, in the order in which they first occur.
    let text: [UInt32]
    /// Of the parts of the sender, in their order.
    let sender: [UInt32]

    init(text: [UInt32], sender: [UInt32]) {
        self.text = text
        self.sender = sender
    }

    /// The features of a message.
    ///
    /// - Parameters:
    ///   - tokens: of the pipeline `TextPipelineSpec.standard`, whatever pipeline the model has.
    ///   - sender: who sent it.
    ///   - secret: the site's.
    public init(tokens: TokenStream, sender: SenderIdentity, secret: SiteSecret) {
        let most = 2 * min(tokens.count, SiteFeatures.head + SiteFeatures.tail)
        let text = [UInt32](unsafeUninitializedCapacity: most) { buffer, count in
            count = SiteFeatures.hash(tokens, secret, to: buffer, origins: nil)
        }
        self.init(text: text, sender: sender.hashes(secret))
    }

    /// Distinct words and pairs of the text.
    public var textCount: Int { text.count }

    /// Whether the message has neither text nor sender.
    public var isEmpty: Bool { text.isEmpty && sender.isEmpty }

    /// Equal for messages whose texts are nearly the same; nil for one with too little text.
    ///
    /// The smallest hash of two sets is the same one with the probability of their share of common
    /// features (MinHash, Broder 1997). With six of them, a changed name or number mostly leaves
    /// the key alone, and half of the words in common hardly ever give the same one.
    public var nearDuplicateKey: UInt64? {
        guard text.count >= SiteFeatures.leastText else { return nil }
        let smallest = LabelledSketches.smallest(text, SiteFeatures.minima)
        // FNV-1a over the hashes, which are keyed already.
        return smallest.reduce(0xCBF2_9CE4_8422_2325) { key, hash in
            (key ^ UInt64(hash)) &* 0x100_0000_01B3
        }
    }

    /// Hashes that make the key.
    private static let minima = 6

    /// Where a text feature first occurs.
    struct Origin {
        /// The index of the token; of a pair that of the second one.
        var token: Int32
        var isPair: Bool
    }

    /// Writes the hash of each distinct token and pair.
    ///
    /// - Parameters:
    ///   - stream: the tokens.
    ///   - secret: the site's.
    ///   - hashes: has room for two hashes a token that is read.
    ///   - origins: receives where each feature occurs, with as much room; or nil.
    /// - Returns: how many were written.
    static func hash(
        _ stream: TokenStream, _ secret: SiteSecret, to hashes: UnsafeMutableBufferPointer<UInt32>,
        origins: UnsafeMutableBufferPointer<Origin>?
    ) -> Int {
        let count = stream.count
        let front = count > head + tail ? 0..<head : 0..<count
        let back = count > head + tail ? (count - tail)..<count : count..<count
        let function = secret.hash
        return stream.bytes.withUnsafeBytes { bytes in
            stream.tokens.withUnsafeBufferPointer { tokens in
                HashSet32.withTemporary(capacity: 2 * (front.count + back.count)) { seen in
                    var written = 0
                    @inline(__always)
                    func add(_ hash: UInt32, _ index: Int, isPair: Bool) {
                        guard seen.insert(hash) else { return }
                        hashes[written] = hash
                        origins?[written] = Origin(token: Int32(index), isPair: isPair)
                        written += 1
                    }
                    for range in [front, back] {
                        var before: UInt64 = 0
                        for index in range {
                            let token = tokens[index]
                            let word = function.hash(bytes, Int(token.start)..<Int(token.end))
                            add(UInt32(word >> 32), index, isPair: false)
                            if index > range.lowerBound {
                                add(pairHash(before, word), index, isPair: true)
                            }
                            before = word
                        }
                    }
                    return written
                }
            }
        }
    }

    /// The hash of two neighbours from their keyed hashes, by the finaliser of MurmurHash3.
    ///
    /// It needs no key of its own: nobody outside knows the words' hashes.
    @inline(__always)
    private static func pairHash(_ first: UInt64, _ second: UInt64) -> UInt32 {
        var value = first &* 0x9E37_79B9_7F4A_7C15 ^ (second << 31 | second >> 33)
        value = (value ^ value >> 33) &* 0xFF51_AFD7_ED55_8CCD
        value = (value ^ value >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return UInt32((value ^ value >> 33) >> 32)
    }
}
