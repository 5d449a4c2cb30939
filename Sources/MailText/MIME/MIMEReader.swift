import ASCIIText

/// Reads the MIME structure (RFC 2046) in one pass over the message.
///
/// Every line is compared once with the boundaries that are open at that point, so the cost is
/// linear in the message for a bounded depth.
struct MIMEReader {
    /// Longer boundaries are taken for missing; the RFC allows 70 bytes.
    private static let maximumBoundaryBytes = 1_000
    private static let standardBoundaryBytes = 70
    /// Bytes of a body in which a boundary is guessed.
    private static let searchedBytes = 4_096
    private static let partsBetweenClockReadings = 64

    /// The message; shortened to the body limit once the header is read.
    private(set) var bytes: [UInt8]
    private let limits: MailLimits
    private let clock: ReadingClock
    private var position = 0
    /// The boundaries of the open multiparts, outermost first, with their two leading hyphens.
    private var boundaries: [[UInt8]] = []
    private var partCount = 0
    /// The charset of the first text so far, for file names with bytes outside ASCII.
    private var firstCharset: String?

    private(set) var defects: Set<Defect> = []
    /// The header block of the message itself.
    private(set) var header = HeaderBlock()

    /// The reason why the body of an entity ended.
    private enum Ending {
        case endOfMessage
        /// A delimiter of the open multipart at this level; a closing one when `closes`.
        case delimiter(level: Int, closes: Bool)
    }

    init(_ bytes: [UInt8], limits: MailLimits, clock: ReadingClock) {
        self.bytes = bytes
        self.limits = limits
        self.clock = clock
    }

    /// Reads the whole message.
    mutating func read() -> MIMEEntity {
        header.read(bytes, from: &position, limits: limits, defects: &defects)
        if bytes.count - position > limits.bodyBytes {
            defects.insert(.limitBody)
            bytes.removeSubrange((position + limits.bodyBytes)...)
        }
        var (entity, ending) = entity(header: header, depth: 0, defaultType: "text/plain")
        // Text after the end of the outermost multipart is not shown by clients.
        if case .delimiter = ending { entity.body = entity.body.lowerBound..<bytes.count }
        return entity
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
        var (_, ending) = skipToDelimiter()
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
            var header = HeaderBlock()
            header.read(bytes, from: &position, limits: limits, defects: &defects)
            let (child, childEnding) = self.entity(
                header: header, depth: entity.depth + 1, defaultType: childType)
            entity.children.append(child)
            ending = childEnding
        }
        defects.insert(.closerMissing)
        return ending
    }

    /// Reads an enclosed message, unless it is encoded, which RFC 2046 section 5.2.1 forbids.
    private mutating func readNested(_ entity: inout MIMEEntity) -> Ending {
        guard case .identity = entity.encoding else { return skipToDelimiter().ending }
        var header = HeaderBlock()
        header.read(bytes, from: &position, limits: limits, defects: &defects)
        var (child, ending) = self.entity(
            header: header, depth: entity.depth + 1, defaultType: "text/plain")
        child.subject = header.first("subject")
        entity.children.append(child)
        return ending
    }

    /// The boundary of a multipart; nil when it can't be read as one.
    private mutating func usableBoundary(_ entity: MIMEEntity) -> [UInt8]? {
        guard canDescend(entity.depth) else { return nil }
        if !entity.boundary.isEmpty, entity.boundary.count <= MIMEReader.maximumBoundaryBytes {
            return entity.boundary
        }
        defects.insert(.boundaryMissing)
        return guessedBoundary()
    }

    /// The first line of the body that looks like a delimiter, for a multipart without a boundary
    /// parameter: some clients show such parts.
    private func guessedBoundary() -> [UInt8]? {
        let hyphen = UInt8(ascii: "-")
        var start = position
        let end = min(bytes.count, position + MIMEReader.searchedBytes)
        while start < end {
            let line = bytes[start..<end].prefix { $0 != ASCII.lineFeed }
            let word = line.dropFirst(2).prefix { !ASCII.isSpace($0) }
            if line.starts(with: [hyphen, hyphen]), word.count > 2,
                word.count <= MIMEReader.standardBoundaryBytes,
                word.contains(where: { $0 != hyphen })
            {
                return Array(word)
            }
            start = line.endIndex + 1
        }
        return nil
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
            if contentType.value.contains("/") { entity.mediaType = contentType.value }
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
            header.first("content-transfer-encoding"), defects: &defects)
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
                if end > 0, bytes[end - 1] == ASCII.carriageReturn { end -= 1 }
                skipLine()
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

    @inline(__always)
    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != ASCII.lineFeed { position += 1 }
        position = min(position + 1, bytes.count)
    }

    /// The delimiter line of an open multipart that begins at `start`, innermost first; nil for
    /// other lines.
    private func delimiter(at start: Int) -> Ending? {
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
            while index < bytes.count, bytes[index] != ASCII.lineFeed {
                // Anything but white space makes it a longer boundary or text.
                guard ASCII.isSpace(bytes[index]) else { break }
                index += 1
            }
            if index >= bytes.count || bytes[index] == ASCII.lineFeed || closes {
                return .delimiter(level: level, closes: closes)
            }
        }
        return nil
    }
}
