import ASCIIText

/// Base64 (RFC 4648 section 4), read leniently.
///
/// Foreign characters are skipped. Padding ends a quantum but not the text, so that several encoded
/// pieces in a row are all decoded. Lines of prose between or behind encoded lines, as list servers
/// append them, are left out: clients show nonsense there, or nothing.
enum Base64 {
    /// Digits from which on a line can be known as prose.
    private static let proseDigits = 16
    /// The same for a line behind prose.
    private static let laterProseDigits = 4
    /// Fewer digits than this are no sign of base64.
    private static let fewestDigits = 8
    /// Decoded bytes by which text is told from other files.
    private static let examinedBytes = 256

    /// The decoded bytes, at most `limit` of them.
    ///
    /// Text that is nothing but prose is returned as it is.
    static func decode(
        _ bytes: ArraySlice<UInt8>, limit: Int, defects: inout Set<Defect>
    ) -> [UInt8] {
        var decoder = Base64Decoder(
            limit: limit, capacity: min(limit, bytes.count / 4 * 3 + 3))
        decoder.add(bytes)
        if decoder.hasForeign || decoder.hasBlanks {
            let lines = EncodedLines(bytes)
            if lines.contains(where: { $0.isProse(from: proseDigits) }) {
                defects.insert(.base64Malformed)
                if lines.allSatisfy(\.isMostlyLower) {
                    return TransferEncoding.identity.decode(bytes, limit: limit, defects: &defects)
                }
                decoder = decodedLines(bytes, limit: limit)
            }
        }
        if decoder.hasForeign || decoder.isCut { defects.insert(.base64Malformed) }
        decoder.flush()
        if decoder.isFull { defects.insert(.limitDecoded) }
        return decoder.result
    }

    /// Decodes line by line and leaves out what comes of prose.
    ///
    /// The digits of prose still count for where a quantum begins, as they do for clients that skip
    /// foreign characters.
    private static func decodedLines(_ bytes: ArraySlice<UInt8>, limit: Int) -> Base64Decoder {
        var decoder = Base64Decoder(
            limit: limit, capacity: min(limit, bytes.count / 4 * 3 + 3))
        var sawProse = false
        for line in EncodedLines(bytes) {
            let isProse =
                sawProse && line.count >= laterProseDigits && line.isMostlyLower
                || line.isProse(from: proseDigits)
            guard isProse else {
                decoder.add(bytes[line.range])
                continue
            }
            sawProse = true
            decoder.skip(bytes[line.range])
        }
        return decoder
    }

    /// True when a body has lines of base64 and nothing else, and they begin with text.
    static func isNothingElse(_ body: ArraySlice<UInt8>) -> Bool {
        var sum = EncodedLine(start: body.startIndex)
        for line in EncodedLines(body) {
            guard !line.isOdd else { return false }
            sum.count += line.count
            sum.lower += line.lower
        }
        guard sum.count >= fewestDigits, !sum.isMostlyLower else { return false }
        var decoder = Base64Decoder(limit: examinedBytes, capacity: examinedBytes)
        decoder.add(body)
        return !decoder.result.contains(where: isOfFile)
    }

    /// True for bytes of files that are no text in any charset.
    private static func isOfFile(_ byte: UInt8) -> Bool {
        (0x01...0x08).contains(byte) || (0x10...0x1A).contains(byte)
    }
}

/// Counts of one line, which tell prose from base64.
///
/// Four of five digits of prose are small letters. No text that a person reads becomes that in
/// base64, whatever its charset, so nothing readable is left out by mistake.
private struct EncodedLine {
    /// The line with its end.
    var range: Range<Int>
    /// Digits of base64.
    var count = 0
    /// Those that are small letters.
    var lower = 0
    /// True when it has foreign characters, or white space between digits.
    var isOdd = false

    var isMostlyLower: Bool { lower * 5 >= count * 4 }

    init(start: Int) { range = start..<start }

    func isProse(from fewest: Int) -> Bool { isOdd && count >= fewest && isMostlyLower }
}

/// The lines of some base64, whatever ends them.
private struct EncodedLines: Sequence, IteratorProtocol {
    private let bytes: ArraySlice<UInt8>
    private var index: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    mutating func next() -> EncodedLine? {
        guard index < bytes.endIndex else { return nil }
        var line = EncodedLine(start: index)
        var sawBlank = false
        var isOpen = true
        while isOpen, index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == ASCII.lineFeed || byte == ASCII.carriageReturn {
                isOpen = false
            } else if ASCII.isSpace(byte) {
                sawBlank = line.count > 0
            } else if Base64Decoder.isDigit(byte) {
                line.count += 1
                if byte >= UInt8(ascii: "a") { line.lower += 1 }
                if sawBlank { line.isOdd = true }
            } else if byte != UInt8(ascii: "=") {
                line.isOdd = true
            }
        }
        line.range = line.range.lowerBound..<index
        return line
    }
}

/// Decodes base64 piece by piece.
private struct Base64Decoder {
    /// The value of a byte that is not in the alphabet.
    private static let noDigit: UInt8 = 0xFF

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: noDigit, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, byte) in alphabet.utf8.enumerated() { table[Int(byte)] = UInt8(value) }
        return table
    }()

    private let limit: Int
    private(set) var result: [UInt8] = []
    private var quantum: UInt32 = 0
    private var digits = 0
    /// True when the open quantum began in a line that was skipped.
    private var isSkipping = false
    /// True when there were characters outside the alphabet.
    private(set) var hasForeign = false
    /// True when there was white space other than line ends.
    private(set) var hasBlanks = false
    /// True when bytes were left out because of the limit.
    private(set) var isFull = false

    /// True when the last quantum is not complete.
    var isCut: Bool { digits != 0 }

    init(limit: Int, capacity: Int) {
        self.limit = limit
        result.reserveCapacity(capacity)
    }

    static func isDigit(_ byte: UInt8) -> Bool { values[Int(byte)] != noDigit }

    /// Decodes some more bytes, as far as the limit allows.
    mutating func add(_ bytes: ArraySlice<UInt8>) {
        guard !isFull else { return }
        let table = Base64Decoder.values
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if digits == 0, Base64Decoder.isDigit(bytes[index]) { addQuanta(bytes, &index) }
            guard index < bytes.endIndex else { return }
            let byte = bytes[index]
            index += 1
            let value = table[Int(byte)]
            if value != Base64Decoder.noDigit {
                quantum = quantum << 6 | UInt32(value)
                digits += 1
                if digits == 4 {
                    guard result.count + 3 <= limit else {
                        isFull = true
                        digits = 0
                        return
                    }
                    result.append(UInt8(truncatingIfNeeded: quantum >> 16))
                    result.append(UInt8(truncatingIfNeeded: quantum >> 8))
                    result.append(UInt8(truncatingIfNeeded: quantum))
                    digits = 0
                    isSkipping = false
                }
            } else if byte == UInt8(ascii: "=") {
                flush()
                if isFull { return }
            } else if byte == ASCII.space || byte == ASCII.tab {
                hasBlanks = true
            } else if !ASCII.isSpace(byte) {
                hasForeign = true
            }
        }
    }

    /// Decodes the quanta of four digits in a row that begin at an index, as nearly all lines have
    /// nothing else.
    private mutating func addQuanta(_ bytes: ArraySlice<UInt8>, _ index: inout Int) {
        let table = Base64Decoder.values
        let most = min((bytes.endIndex - index) / 4, (limit - result.count) / 3)
        guard most > 0 else { return }
        result.append(addingCapacity: most * 3) { output in
            for _ in 0..<most {
                let first = table[Int(bytes[index])]
                let second = table[Int(bytes[index + 1])]
                let third = table[Int(bytes[index + 2])]
                let fourth = table[Int(bytes[index + 3])]
                // Only digits have values below 64.
                guard first | second | third | fourth < 64 else { return }
                output.append(first << 2 | second >> 4)
                output.append(second << 4 | third >> 2)
                output.append(third << 6 | fourth)
                index += 4
                isSkipping = false
            }
        }
    }

    /// Moves over a line that is not wanted in the result.
    mutating func skip(_ bytes: ArraySlice<UInt8>) {
        let (openQuantum, openDigits) = (quantum, digits)
        flush()
        guard !isFull else { return }
        let wanted = result.count
        (quantum, digits) = (openQuantum, openDigits)
        add(bytes)
        result.removeSubrange(wanted...)
        isSkipping = true
    }

    /// Appends the whole bytes of a quantum that has fewer than four digits.
    mutating func flush() {
        let count = isSkipping ? 0 : digits - 1
        isSkipping = false
        digits = 0
        guard count > 0 else { return }
        guard result.count + count <= limit else {
            isFull = true
            return
        }
        // The bits that no whole byte needs are at the end.
        let bits = quantum << (count == 1 ? 12 : 6)
        result.append(UInt8(truncatingIfNeeded: bits >> 16))
        if count == 2 { result.append(UInt8(truncatingIfNeeded: bits >> 8)) }
    }
}
