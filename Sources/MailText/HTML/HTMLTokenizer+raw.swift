import ASCIIText

/// The content of elements that hold no markup.
extension HTMLTokenizer {
    /// More bytes than the name of any element with raw content has.
    private static let longestRawName = 12

    /// Where the reader is in a script (WHATWG HTML sections 13.2.5.15 to 13.2.5.31).
    private enum ScriptState {
        /// Any end tag of a script ends it.
        case plain
        /// After `<!--`.
        case escaped
        /// After `<!--` and `<script>`, where the next end tag ends the inner script only.
        case doubleEscaped
    }

    /// The content of a raw element up to its end tag, or to the end of the document if it is never
    /// closed, as in browsers.
    mutating func rawText(of element: HTMLElement) -> Range<Int> {
        let start = index
        var state = ScriptState.plain
        // The first byte of the `--` that may end an escaped piece.
        var escape = start
        while index < bytes.count {
            if element != .script {
                // Nothing else matters there.
                index = bytes.firstIndex(of: UInt8(ascii: "<"), from: index)
                guard index < bytes.count else { break }
            }
            if bytes[index] == UInt8(ascii: "<") {
                if isTag(element, nameStart: index + 2), bytes[index + 1] == UInt8(ascii: "/") {
                    if state != .doubleEscaped { return start..<index }
                    state = .escaped
                } else if element == .script {
                    if state == .plain, bytes[index...].starts(with: "<!--".utf8) {
                        state = .escaped
                        escape = index + 2
                    } else if state == .escaped, isTag(.script, nameStart: index + 1) {
                        state = .doubleEscaped
                    }
                }
            } else if state != .plain, bytes[index] == UInt8(ascii: ">"), index >= escape + 2,
                bytes[index - 1] == UInt8(ascii: "-"), bytes[index - 2] == UInt8(ascii: "-")
            {
                state = .plain
            }
            index += 1
        }
        return start..<bytes.count
    }

    /// True when the element's whole name is at an offset, and behind it what ends a name.
    private func isTag(_ element: HTMLElement, nameStart: Int) -> Bool {
        guard nameStart < bytes.count, ASCII.isLetter(bytes[nameStart]) else { return false }
        var nameEnd = nameStart
        while nameEnd < bytes.count, nameEnd < nameStart + HTMLTokenizer.longestRawName,
            ASCII.isLetter(bytes[nameEnd])
        {
            nameEnd += 1
        }
        let isWhole =
            nameEnd >= bytes.count || ASCII.isSpace(bytes[nameEnd])
            || bytes[nameEnd] == UInt8(ascii: ">") || bytes[nameEnd] == UInt8(ascii: "/")
        return isWhole && HTMLElement(nameStart..<nameEnd, in: bytes) == element
    }
}
