/// Reads one request from bytes as they arrive; knows no socket.
struct SpamdRequestReader: Sendable {
    /// What is expected next.
    enum Stage: Sendable {
        /// The first line or a field.
        case header
        /// The rest of the body.
        case body
    }

    private(set) var stage = Stage.header
    private let limit: Int
    private var line: [UInt8] = []
    private var header: SpamdHeader?
    private var fields = 0
    private var body: [UInt8] = []

    /// spamd reads as many.
    private static let mostFields = 256
    /// Bytes of a line of the header; names of users are the longest.
    private static let longestLine = 4_096
    /// Room that is made for a body before it arrives, whatever length is promised.
    private static let firstRoom = 1 << 20

    /// - Parameter limit: bytes of a body.
    init(limit: Int) { self.limit = limit }

    /// Reads the next bytes; what follows the request is left out.
    ///
    /// - Returns: the request once it is complete.
    mutating func read(_ bytes: some Collection<UInt8>) throws(SpamdFault) -> SpamdRequest? {
        var rest = bytes[...]
        while stage == .header {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                line += rest
                try checkLine()
                return nil
            }
            line += rest[..<end]
            rest = rest[rest.index(after: end)...]
            try checkLine()
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            let text = String(decoding: line, as: UTF8.self)
            line.removeAll(keepingCapacity: true)
            if let request = try read(line: text) { return request }
        }
        let missing = header?.contentLength.map { $0 - body.count }
        body += rest.prefix(missing ?? .max)
        guard body.count <= limit else { throw .tooLarge(limit: limit) }
        return header?.contentLength == body.count ? request : nil
    }

    /// The client sends no more.
    ///
    /// - Returns: the request.
    /// - Throws: ``SpamdFault`` for a request that is not complete.
    mutating func end() throws(SpamdFault) -> SpamdRequest {
        guard let header else { throw .malformed("(closed before headers)") }
        guard stage == .body, let request else { throw .malformed("(EOF during headers)") }
        guard let length = header.contentLength else { return request }
        throw .malformed(
            "(Content-Length mismatch: Expected \(length) bytes, got \(body.count) bytes)")
    }

    private var request: SpamdRequest? { header.map { SpamdRequest(header: $0, body: body) } }

    private func checkLine() throws(SpamdFault) {
        guard line.count <= SpamdRequestReader.longestLine else {
            throw .malformed("(header line too long)")
        }
    }

    /// Reads a line of the header; gives a request that has no body.
    private mutating func read(line text: String) throws(SpamdFault) -> SpamdRequest? {
        guard header != nil else {
            let header = try SpamdHeader(line: text)
            self.header = header
            return header.hasFields ? nil : try endHeader()
        }
        guard !text.isEmpty else { return try endHeader() }
        fields += 1
        guard fields < SpamdRequestReader.mostFields else {
            throw .malformed("(too many headers)")
        }
        try header?.add(field: text)
        return nil
    }

    private mutating func endHeader() throws(SpamdFault) -> SpamdRequest? {
        guard let header else { return nil }
        try header.check()
        stage = .body
        guard header.command.hasMessage else { return request }
        guard let length = header.contentLength else { return nil }
        guard length <= limit else { throw .tooLarge(limit: limit) }
        body.reserveCapacity(min(length, SpamdRequestReader.firstRoom))
        return length == 0 ? request : nil
    }
}
