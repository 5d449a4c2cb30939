/// A leaf of a message as ``BoundedBody`` sees it: where its content is, and what may be left out.
struct BodyPart {
    /// The content in the body.
    var range: Range<Int>
    /// Whether siftd may read what it says, with the message or apart from it.
    var isText: Bool
    /// Whether it is declared as base64.
    var isBase64: Bool

    /// The leaves of a message in the order they occur.
    ///
    /// Where readers may differ about them they are those of the lenient one, and text for one is
    /// text.
    ///
    /// - Parameters:
    ///   - message: header and body.
    ///   - headerBytes: where the body begins.
    ///   - front: what is in so many bytes of the body doesn't count.
    /// - Returns: parts that don't overlap.
    static func all(of message: [UInt8], headerBytes: Int, behind front: Int) -> [BodyPart] {
        var limits = MailLimits()
        limits.bodyBytes = .max
        let clock = ReadingClock(limits)
        var reader = MIMEReader(message, limits: limits, clock: clock)
        let parts = leaves(of: reader.read(), headerBytes, front)
        guard reader.isDoubtful else { return parts }
        let texts = parts.filter(\.isText)
        var lenient = MIMEReader(message, limits: limits, clock: clock, isLenient: true)
        return leaves(of: lenient.read(), headerBytes, front).map { part in
            var part = part
            part.isText = part.isText || texts.contains { $0.range.overlaps(part.range) }
            return part
        }
    }

    private static func leaves(
        of root: MIMEEntity, _ headerBytes: Int, _ front: Int
    ) -> [BodyPart] {
        var parts: [BodyPart] = []
        var unvisited = [root]
        while let entity = unvisited.popLast() {
            guard entity.children.isEmpty else {
                unvisited += entity.children.reversed()
                continue
            }
            let start = max(entity.body.lowerBound - headerBytes, front)
            let end = max(entity.body.upperBound - headerBytes, start)
            let isBase64 = if case .base64 = entity.encoding { true } else { false }
            parts.append(
                BodyPart(
                    range: start..<end, isText: entity.isReadable || entity.isDocument,
                    isBase64: isBase64))
        }
        return parts
    }
}
