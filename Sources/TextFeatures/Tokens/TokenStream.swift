import ASCIIText

/// The tokens of one message, in one piece of memory.
public struct TokenStream: Sendable {
    /// How a token is turned into ids when the vocabulary lacks it.
    package enum Kind: UInt8, Sendable {
        /// A word of the text: look-alike and leet readings are tried, then its shape.
        case word
        /// A ``ModelToken``, or punctuation; dropped when unknown.
        case marker
        /// Letters that were written apart: split into known words.
        case spaced
        /// Letters with `@`, `$`, `|` or `!` among them: leet readings, else its pieces.
        case mixed
        /// Letters of more than the longest word: split into known words, else its front.
        case glued
    }

    /// One token: a range of ``bytes``.
    package struct Token: Sendable {
        package var start: Int32
        package var end: Int32
        package var kind: Kind

        /// Where the token's bytes are.
        var range: Range<Int> { Int(start)..<Int(end) }
    }

    /// UTF-8 of all tokens, one behind the other.
    package private(set) var bytes: [UInt8] = []
    package private(set) var tokens: [Token] = []

    /// Where each token was found.
    var trace = TokenTrace()

    /// True when text was left out because there was more of it than the pipeline reads.
    public internal(set) var isTextCut = false
    /// True when text was left out because it has more tokens than the document allows.
    public internal(set) var isTokenCut = false

    /// The number of tokens.
    public var count: Int { tokens.count }

    package init() {}

    /// Reserves memory for the tokens of a text of this many bytes: one for every four bytes, and
    /// some more for the facts.
    mutating func reserve(_ textBytes: Int) {
        bytes.reserveCapacity(textBytes + 1_024)
        tokens.reserveCapacity(textBytes / 4 + 64)
        trace.reserve(textBytes / 4 + 64)
    }

    package mutating func append(_ text: some Collection<UInt8>, _ kind: Kind) {
        let start = Int32(bytes.count)
        bytes.append(copying: text)
        tokens.append(Token(start: start, end: Int32(bytes.count), kind: kind))
    }

    /// Appends a piece of a text as a token.
    mutating func append(_ text: [UInt8], _ range: Range<Int>, _ kind: Kind) {
        let start = Int32(bytes.count)
        // A slice of the text would take a share in it, which costs more than to copy a word.
        text.withUnsafeBufferPointer {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range]))
        }
        tokens.append(Token(start: start, end: Int32(bytes.count), kind: kind))
    }

    /// Appends a piece of a text as a word, its ASCII letters in lower case.
    mutating func append(lowercasing text: [UInt8], _ range: Range<Int>, _ kind: Kind) {
        let start = bytes.count
        append(text, range, kind)
        for index in start..<bytes.count { bytes[index] = ASCII.lower(bytes[index]) }
    }

    package mutating func append(marker: String) { append(marker.utf8, .marker) }

    /// Appends the token of a family that has only one.
    mutating func append(_ family: ModelToken) { append(family.rawValue.utf8, .marker) }

    /// Puts the tokens of another stream in front.
    package mutating func prepend(_ other: TokenStream) {
        let base = Int32(bytes.count)
        bytes += other.bytes
        trace.prepend(other.count)
        tokens =
            other.tokens.map {
                Token(start: base + $0.start, end: base + $0.end, kind: $0.kind)
            } + tokens
    }

    /// The tokens without their places in the document, for streams that are kept in numbers.
    package var withoutPlaces: TokenStream {
        var stream = self
        stream.trace = TokenTrace()
        return stream
    }

    /// The first and the last tokens alone; all of them if there are no more.
    package func ends(head: Int, tail: Int) -> TokenStream {
        guard count > head + tail else { return self }
        var result = TokenStream()
        for token in tokens.prefix(head) + tokens.suffix(tail) {
            result.append(text(token), token.kind)
        }
        return result
    }

    package func text(_ token: Token) -> ArraySlice<UInt8> {
        bytes[Int(token.start)..<Int(token.end)]
    }

    /// One token as a string, for a human reader.
    public func string(at index: Int) -> String {
        String(decoding: text(tokens[index]), as: UTF8.self)
    }

    /// The tokens as strings, for a human reader.
    public var strings: [String] { tokens.map { String(decoding: text($0), as: UTF8.self) } }

    /// Calls `body` with the UTF-8 of each token that may enter a vocabulary.
    ///
    /// Spaced-out, mixed and glued words don't: their readings do.
    public func forEachCountable(_ body: (ArraySlice<UInt8>) -> Void) {
        for token in tokens where token.kind == .word || token.kind == .marker {
            body(text(token))
        }
    }
}
