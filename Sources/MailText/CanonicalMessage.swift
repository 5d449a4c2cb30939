import ASCIIText

/// What of a message stays the same from the MTA to the mailbox, so that a copy is known again.
public enum CanonicalMessage {
    /// Bytes of the body that count: the milter may have been given no more of it.
    private static let bodyBytes = 64 * 1_024
    /// The fields that count; others are added or rewritten on the way.
    private static let names: [StaticString] = ["message-id", "date", "from"]

    /// The bytes to make a digest of.
    ///
    /// Fields without white space, and the body without carriage returns and without the line
    /// feeds at its end.
    ///
    /// - Parameter input: a message, or text, which counts as it is.
    /// - Returns: bytes that begin with the kind of input.
    public static func bytes(of input: MailInput) -> [UInt8] {
        switch input {
        case .text(let text): return Array("text\n".utf8) + trimmed(Array(text.utf8)[...])
        case .message(let message): return bytes(of: message)
        }
    }

    private static func bytes(of message: [UInt8]) -> [UInt8] {
        let message = MessageStart.readable(message)
        var defects: Set<Defect> = []
        var position = MessageStart.header(message, from: 0)
        var header = HeaderBlock()
        header.read(message, from: &position, limits: MailLimits(), defects: &defects)
        var result = Array("message\n".utf8)
        for name in names {
            result += (header.first(name) ?? []).filter { !ASCII.isSpace($0) }
            result.append(ASCII.lineFeed)
        }
        return result + trimmed(message[min(position, message.count)...])
    }

    private static func trimmed(_ body: ArraySlice<UInt8>) -> [UInt8] {
        var lines = body.prefix(2 * bodyBytes).filter { $0 != ASCII.carriageReturn }
        if lines.count > bodyBytes { lines.removeLast(lines.count - bodyBytes) }
        while let last = lines.last, ASCII.isSpace(last) { lines.removeLast() }
        return lines
    }
}
