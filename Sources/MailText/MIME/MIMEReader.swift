import ASCIIText

/// Reads the MIME structure (RFC 2046) in one pass over the message.
///
/// Every line is compared once with the boundaries that are open at that point, so the cost is
/// linear in the message for a bounded depth.
struct MIMEReader {
    /// A boundary that is guessed is no longer than the RFC allows; declared ones may be.
    private static let standardBoundaryBytes = 70
    /// Bytes of a body in which a boundary is guessed.
    private static let searchedBytes = 64 * 1_024
    /// How often a boundary is guessed because the declared one never comes: each time costs a
    /// second pass.
    private static let maximumSecondGuesses = 4
    private static let partsBetweenClockReadings = 64

    /// The message; shortened to the body limit once the header is read.
    private(set) var bytes: [UInt8]
    private let limits: MailLimits
    private let clock: ReadingClock
    /// The level of the message: above 0 for one that was found in another.
    private let depth: Int
    private var position = 0
    /// The boundaries of the open multiparts, outermost first, with their two leading hyphens.
    private var boundaries: [[UInt8]] = []
    /// How many entities were read.
    private(set) var partCount = 0
    private var secondGuesses = 0
    /// True when the last delimiter ended in a carriage return alone.
    private var splitsAtReturns = false
    /// The charset of the first text so far, for file names with bytes outside ASCII.
    private var firstCharset: String?

    private(set) var defects: Set<Defect> = []
    /// True when lines that only begin like a delimiter are delimiters, and a header goes on behind
    /// lines that are no fields.
    let isLenient: Bool
    /// True when a lenient reader could read other parts.
    private(set) var isDoubtful = false
    /// The header block of the message itself.
    private(set) var header = HeaderBlock()

    /// The reason why the body of an entity ended.
    private enum Ending {
        case endOfMessage
        /// A delimiter of the open multipart at this level; a closing one when `closes`.
        case delimiter(level: Int, closes: Bool)
    }

    init(
        _ bytes: [UInt8], limits: MailLimits, clock: ReadingClock, isLenient: Bool = false,
        depth: Int = 0
    ) {
        self.bytes = bytes
        self.isLenient = isLenient
        self.depth = depth
        self.limits = limits
        self.clock = clock
    }

    /// Reads the whole message.
    mutating func read() -> MIMEEntity {
        position = MessageStart.header(bytes, from: 0)
        header.read(
            bytes, from: &position, limits: limits, isLenient: isLenient, defects: &defects)
        isDoubtful = header.isEndDoubtful
        if bytes.count - position > limits.bodyBytes { shortenBody() }
        var (entity, ending) = entity(header: header, depth: depth, defaultType: "text/plain")
        // Text after the end of the outermost multipart is not shown by clients.
        if case .delimiter = ending { entity.body = entity.body.lowerBound..<bytes.count }
        return entity
    }

    /// Brings the body within its limit, as it would be had it arrived piece by piece.
    private mutating func shortenBody() {
        var body = BoundedBody()
        let header = Array(bytes[..<position])
        let arrived = bytes[position...]
        body.append(arrived.span, limit: limits.bodyBytes, header: { header })
        bytes = header + body.bytes
        if body.isCut { defects.insert(.limitBody) }
    }

    /// Reads one entity whose header is already read; without a Content-Type it has the default
    /// type.
    private mutating func entity(
        header: HeaderBlock, depth: Int, defaultType: String
    ) -> (MIMEEntity, Ending) {
        partCount += 1
        var entity = describe(header, depth: depth, defaultType: defaultType)
        let start = position
        let ending: Ending
        if entity.isMultipart, let boundary = usableBoundary(entity) {
            ending = readMultipart(&entity, boundary: boundary)
        } else if entity.isMessage, canDescend(depth) {
            ending = readNested(&entity)
        } else {
            let (end, leafEnding) = skipToDelimiter()
            // The line break of a delimiter may be before an empty body.
            entity.body = start..<max(start, end)
            return (entity, leafEnding)
        }
        entity.body = start..<max(start, position)
        return (entity, ending)
    }

    /// Reads the parts of a multipart up to its end.
    private mutating func readMultipart(_ entity: inout MIMEEntity, boundary: [UInt8]) -> Ending {
        let level = boundaries.count
        boundaries.append(Array("--".utf8) + boundary)
        defer { boundaries.removeSubrange(level...) }
        let childType = entity.mediaType == "multipart/digest" ? "message/rfc822" : "text/plain"
        let start = position
        var (end, ending) = skipToDelimiter()
        if !isOpen(ending, level: level), let other = otherBoundary(in: start..<max(start, end)) {
            boundaries[level] = Array("--".utf8) + other
            position = start
            ending = skipToDelimiter().ending
        }
        while true {
            guard case .delimiter(level, let closes) = ending else { break }
            if closes {
                // Skips the epilogue up to a delimiter of an outer multipart.
                boundaries.removeSubrange(level...)
                return skipToDelimiter().ending
            }
            guard partCount < limits.parts, !isOutOfTime() else {
                if partCount >= limits.parts { defects.insert(.limitParts) }
                boundaries.removeSubrange(level...)
                return skipToDelimiter().ending
            }
            let (child, childEnding) = self.entity(
                header: partHeader(), depth: entity.depth + 1, defaultType: childType)
            entity.children.append(child)
            ending = childEnding
        }
        defects.insert(.closerMissing)
        return ending
    }

    /// Reads an enclosed message, unless it is encoded, which RFC 2046 section 5.2.1 forbids.
    private mutating func readNested(_ entity: inout MIMEEntity) -> Ending {
        guard case .identity = entity.encoding else { return skipToDelimiter().ending }
        position = MessageStart.header(bytes, from: position)
        let header = partHeader()
        var (child, ending) = self.entity(
            header: header, depth: entity.depth + 1, defaultType: "text/plain")
        child.subject = header.first("subject")
        entity.children.append(child)
        return ending
    }

    private mutating func partHeader() -> HeaderBlock {
        var header = HeaderBlock()
        header.read(
            bytes, from: &position, limits: limits, splitsAtReturns: splitsAtReturns,
            isLenient: isLenient, boundaries: boundaries, defects: &defects)
        if header.isEndDoubtful { isDoubtful = true }
        return header
    }

    /// The boundary of a multipart; nil when it can't be read as one.
    private mutating func usableBoundary(_ entity: MIMEEntity) -> [UInt8]? {
        guard canDescend(entity.depth) else { return nil }
        // A boundary never ends with white space (RFC 2046 section 5.1.1).
        let last = entity.boundary.lastIndex { !ASCII.isSpace($0) } ?? -1
        let boundary = entity.boundary[...last]
        if !boundary.isEmpty { return Array(boundary) }
        defects.insert(.boundaryMissing)
        return guessedBoundary(before: bytes.count)
    }

    /// The first line of the body that looks like a delimiter, for a multipart without a boundary
    /// parameter: some clients show such parts.
    ///
    /// With `needsField` the line after it must be a MIME field.
    private func guessedBoundary(before limit: Int, needsField: Bool = false) -> [UInt8]? {
        let hyphen = UInt8(ascii: "-")
        var start = position
        let end = min(limit, position + MIMEReader.searchedBytes)
        while start < end {
            let line = bytes[start..<end].prefix {
                $0 != ASCII.lineFeed && $0 != ASCII.carriageReturn
            }
            let word = line.dropFirst(2).prefix { !ASCII.isSpace($0) }
            if line.starts(with: [hyphen, hyphen]), word.count > 2,
                word.count <= MIMEReader.standardBoundaryBytes,
                word.contains(where: { $0 != hyphen }),
                !needsField
                    || bytes[line.endIndex..<end].drop(while: ASCII.isSpace)
                        .startsIgnoringCase("content-")
            {
                return Array(word)
            }
            start = line.endIndex + 1
        }
        return nil
    }

    /// A boundary that comes in a multipart whose declared one never does; nil when there is none.
    ///
    /// Clients differ in what a parameter means, with comments or odd quotes in it.
    private mutating func otherBoundary(in body: Range<Int>) -> [UInt8]? {
        guard secondGuesses < MIMEReader.maximumSecondGuesses else { return nil }
        let end = position
        defer { position = end }
        position = body.lowerBound
        let guess = guessedBoundary(before: body.upperBound, needsField: true)
        guard guess != nil else { return nil }
        secondGuesses += 1
        defects.insert(.boundaryMissing)
        return guess
    }

    private func isOpen(_ ending: Ending, level: Int) -> Bool {
        if case .delimiter(level, _) = ending { true } else { false }
    }

    private mutating func isOutOfTime() -> Bool {
        guard partCount % MIMEReader.partsBetweenClockReadings == 0, clock.isOver else {
            return false
        }
        defects.insert(.limitTime)
        return true
    }

    /// True when one more level of entities is within the limits.
    private mutating func canDescend(_ depth: Int) -> Bool {
        if depth < limits.depth, partCount < limits.parts { return true }
        defects.insert(depth < limits.depth ? .limitParts : .limitDepth)
        return false
    }

    /// The properties that a header declares.
    private mutating func describe(
        _ header: HeaderBlock, depth: Int, defaultType: String
    ) -> MIMEEntity {
        var entity = MIMEEntity()
        entity.depth = depth
        entity.mediaType = defaultType
        if let field = header.first("content-type") {
            let contentType = ParameterizedValue(field, defects: &defects)
            // A type without a slash is malformed, so the default holds (RFC 2045 section 5.2).
            let value = contentType.value
            // Most values have no quotes, which bytes say faster than characters.
            let isQuoted = value.utf8.contains {
                $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'")
            }
            let type = isQuoted ? value.filter { $0 != "\"" && $0 != "'" } : value
            if type.contains("/") { entity.mediaType = type }
            entity.charset = contentType.parameters["charset"].map {
                String(decoding: $0.lowercasedASCII(), as: UTF8.self)
            }
            entity.boundary = contentType.parameters["boundary"] ?? []
            entity.start = contentType.parameters["start"]
            if firstCharset == nil, entity.isText { firstCharset = entity.charset }
            entity.fileName =
                contentType.text("name", messageCharset: firstCharset, defects: &defects) ?? ""
            entity.joinsLines =
                contentType.parameters["format"]?.equalsIgnoringCase("flowed") ?? false
                && contentType.parameters["delsp"]?.equalsIgnoringCase("yes") ?? false
        }
        entity.contentID = header.first("content-id").map(Array.init)
        if let field = header.first("content-disposition") {
            let disposition = ParameterizedValue(field, defects: &defects)
            entity.disposition = disposition.value
            entity.fileName =
                disposition.text("filename", messageCharset: firstCharset, defects: &defects)
                ?? entity.fileName
        }
        entity.encoding = TransferEncoding(
            header.all("content-transfer-encoding"), isDoubtful: &entity.isEncodingDoubtful,
            defects: &defects)
        return entity
    }

    /// Moves past the next delimiter line of any open multipart.
    ///
    /// - Returns: The end of the body before it (the line break before a delimiter belongs to the
    ///   delimiter), and the delimiter.
    private mutating func skipToDelimiter() -> (end: Int, ending: Ending) {
        let hyphen = UInt8(ascii: "-")
        let count = bytes.count
        while position < count {
            let lineStart = position
            if !boundaries.isEmpty, bytes[lineStart] == hyphen, lineStart + 1 < count,
                bytes[lineStart + 1] == hyphen, let match = delimiter(at: lineStart)
            {
                var end = lineStart
                if end > 0, bytes[end - 1] == ASCII.lineFeed { end -= 1 }
                for _ in 0..<HeaderLines.maximumReturns
                where end > 0 && bytes[end - 1] == ASCII.carriageReturn { end -= 1 }
                skipLine()
                splitsAtReturns = bytes[position - 1] == ASCII.carriageReturn
                return (end, match)
            }
            if boundaries.isEmpty {
                position = count
                break
            }
            skipLine()
        }
        return (count, .endOfMessage)
    }

    /// Moves past the next line end: LF, CRLF, or CR alone, as in Thunderbird and in Python's email
    /// package.
    @inline(__always)
    private mutating func skipLine() {
        var index = nextLineBreak(from: position)
        while index < bytes.count, bytes[index] != ASCII.lineFeed,
            HeaderLines.isLineEnd(bytes, from: index)
        {
            index = nextLineBreak(from: index + 1)
        }
        position = min(index + 1, bytes.count)
    }

    /// The index of the next CR or LF; the end if there is none.
    @inline(__always)
    private func nextLineBreak(from start: Int) -> Int {
        bytes.withUnsafeBufferPointer {
            $0.firstIndex(of: ASCII.lineFeed, or: ASCII.carriageReturn, from: start)
        }
    }

    private func isLineEnd(_ byte: UInt8) -> Bool {
        byte == ASCII.lineFeed || byte == ASCII.carriageReturn
    }

    /// The delimiter line of an open multipart that begins at `start`, innermost first; nil for
    /// other lines.
    private mutating func delimiter(at start: Int) -> Ending? {
        var isLonger = false
        for level in boundaries.indices.reversed() {
            let boundary = boundaries[level]
            let end = start + boundary.count
            guard end <= bytes.count, bytes[start..<end].elementsEqual(boundary) else { continue }
            var index = end
            var closes = false
            if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "-"),
                bytes[index + 1] == UInt8(ascii: "-")
            {
                closes = true
                index += 2
            }
            // Anything but white space makes it a longer boundary or text, also behind the hyphens
            // of a closing delimiter.
            while index < bytes.count, !isLineEnd(bytes[index]), ASCII.isSpace(bytes[index]) {
                index += 1
            }
            if isLenient || index >= bytes.count || isLineEnd(bytes[index]) {
                return .delimiter(level: level, closes: closes)
            }
            isLonger = true
        }
        if isLonger { isDoubtful = true }
        return nil
    }
}
