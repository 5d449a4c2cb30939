import ASCIIText

/// Finds the style sheets of a document before its text is read, because they hold for all of it.
///
/// The tree decides which are real: not text that looks like one in an attribute or a text field,
/// nor those in templates.
struct HTMLStyleCollector {
    private(set) var sheet: StyleSheet
    /// The attributes of the style element whose content is next.
    private var media: Range<Int>?
    private var type: Range<Int>?

    init(isQuirks: Bool) { sheet = StyleSheet(isQuirks: isQuirks) }

    /// The rules of all style sheets of a document.
    static func sheet(
        of bytes: [UInt8], _ limits: MailLimits, _ clock: ReadingClock, isQuirks: Bool
    ) -> StyleSheet {
        guard let last = lastStyleTag(in: bytes) else { return StyleSheet(isQuirks: isQuirks) }
        var builder = HTMLTreeBuilder(
            HTMLText(bytes, limits), clock, collector: HTMLStyleCollector(isQuirks: isQuirks))
        builder.run(until: last)
        return builder.collector?.sheet ?? StyleSheet(isQuirks: isQuirks)
    }

    /// Takes in the start tag of a style element.
    mutating func begin(_ tag: HTMLTag) {
        media = tag.media
        type = tag.type
    }

    /// Reads the content of the style element.
    mutating func read(_ range: Range<Int>, of bytes: [UInt8]) {
        func value(_ attribute: Range<Int>?) -> ArraySlice<UInt8> {
            guard let attribute else { return [] }
            return HTMLEntity.decodedAttribute(attribute, of: bytes, limit: attribute.count)[...]
        }
        let type = value(type)
        guard type.isEmpty || type.equalsIgnoringCase("text/css") else { return }
        if StyleSheet.isForScreens(value(media)) { sheet.read(bytes[range]) }
    }

    /// The offset of the last `<style`, beyond which no sheet begins; most documents have none, and
    /// most others have it near their front.
    private static func lastStyleTag(in bytes: [UInt8]) -> Int? {
        let tag = "<style".utf8
        var end = bytes.count
        while let index = bytes.lastIndex(of: UInt8(ascii: "<"), before: end) {
            if index + tag.count < bytes.count, bytes[index + 1] | 0x20 == UInt8(ascii: "s"),
                bytes[index...].startsIgnoringCase("<style")
            {
                return index
            }
            end = index
        }
        return nil
    }
}
