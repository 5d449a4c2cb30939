import Corpora
import Foundation
import Learning
import MailText

/// A message taken apart so that it can be put together in another way: its header without the
/// MIME fields, and the one text that a reader sees.
public struct Carrier: Sendable {
    /// The header's lines, folded as they were.
    public var header: [String]
    /// Whether the text is HTML.
    public var isHTML: Bool
    /// The text, with LF line ends.
    public var text: String

    /// Takes a message apart; nil when it has no text.
    public init?(_ message: CorpusMessage) {
        guard case .message(let bytes) = message.content else { return nil }
        let content = MailContent(message: bytes)
        guard let chosen = content.texts.first(where: \.isHTML) ?? content.texts.first,
            chosen.bytes.contains(where: { $0 > 0x20 })
        else { return nil }
        isHTML = chosen.isHTML
        text = String(decoding: chosen.bytes, as: UTF8.self)
            .replacingOccurrences(of: "\r\n", with: "\n")
        header = []
        let lines = String(decoding: bytes.strippingMboxLine, as: UTF8.self)
            .replacingOccurrences(of: "\r\n", with: "\n").split(
                separator: "\n", omittingEmptySubsequences: false)
        var isKept = false
        for line in lines.prefix(while: { !$0.isEmpty }) {
            if !line.hasPrefix(" "), !line.hasPrefix("\t") {
                let lower = line.lowercased()
                isKept = !lower.hasPrefix("content-") && !lower.hasPrefix("mime-version")
            }
            if isKept { header.append(String(line)) }
        }
    }

    /// A message of HTML without header.
    public init(html: String) {
        header = []
        isHTML = true
        text = html
    }

    /// The visible text, for pasting into other messages.
    public var plainText: String {
        guard isHTML else { return text }
        let message = "Content-Type: text/html; charset=utf-8\n\n" + text
        return MailContent(message: Array(message.utf8)).body.text
    }

    /// The text as HTML.
    public var html: String {
        isHTML
            ? text
            : "<html><body><pre>\(Carrier.escaped(text))</pre></body></html>"
    }

    static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;")
            .replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;")
    }

    /// A message with this header and one body, which is encoded already.
    public func message(
        type: String, encoding: String = "8bit", body: [UInt8]
    ) -> [UInt8] {
        let fields =
            header + [
                "MIME-Version: 1.0", "Content-Type: \(type)",
                "Content-Transfer-Encoding: \(encoding)",
            ]
        return Array((fields.joined(separator: "\n") + "\n\n").utf8) + body
    }

    /// A message with another text, or with this one, in UTF-8.
    public func message(html: String? = nil, plain: String? = nil) -> [UInt8] {
        if let html { return message(type: "text/html; charset=utf-8", body: Array(html.utf8)) }
        if let plain { return message(type: "text/plain; charset=utf-8", body: Array(plain.utf8)) }
        return isHTML ? message(html: text) : message(plain: text)
    }

    /// The text with `change` applied to each word that a reader sees.
    ///
    /// Tags, entities and the content of style and script are kept.
    ///
    /// - Parameters:
    ///   - asHTML: whether to take the text as HTML; nil takes it as it is.
    ///   - change: returns the word that replaces a word.
    /// - Returns: the changed text.
    public func changingWords(
        ofHTML asHTML: Bool? = nil, _ change: (String) -> String
    ) -> String {
        let isHTML = asHTML ?? self.isHTML
        let source = isHTML ? html : text
        var result = ""
        var word = ""
        var inTag = false
        var inEntity = false
        var skipped: String?
        var tag = ""
        func flush() {
            if !word.isEmpty { result += skipped == nil ? change(word) : word }
            word = ""
        }
        for character in source.unicodeScalars {
            if inTag {
                result.unicodeScalars.append(character)
                if character == ">" {
                    inTag = false
                    let name = tag.lowercased()
                    if let open = skipped {
                        if name.hasPrefix("/" + open) { skipped = nil }
                    } else {
                        skipped = ["style", "script", "title"].first { name.hasPrefix($0) }
                    }
                } else if tag.utf8.count < 12 {
                    tag.unicodeScalars.append(character)
                }
            } else if isHTML, character == "<" {
                flush()
                inTag = true
                tag = ""
                result += "<"
            } else if inEntity {
                result.unicodeScalars.append(character)
                if character == ";" || character == " " { inEntity = false }
            } else if isHTML, character == "&" {
                flush()
                inEntity = true
                result += "&"
            } else if character.properties.isAlphabetic {
                word.unicodeScalars.append(character)
            } else {
                flush()
                result.unicodeScalars.append(character)
            }
        }
        flush()
        return result
    }
}

extension [UInt8] {
    /// Without the `From ` line that archives put in front.
    public var strippingMboxLine: [UInt8] {
        guard starts(with: "From ".utf8), let end = firstIndex(of: UInt8(ascii: "\n")) else {
            return self
        }
        return Array(self[(end + 1)...])
    }
}
