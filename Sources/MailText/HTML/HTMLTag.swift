import ASCIIText

/// A start tag with the attributes that matter here, as ranges of the document.
///
/// It is handed on by reference, because it is large; the tokenizer uses one object for all tags
/// that nobody keeps.
final class HTMLTag {
    /// An attribute that matters here.
    enum Attribute: UInt8, CaseIterable {
        // Values that styles depend on.
        case style, classes, identifier
        /// The attribute `color` of `font`, or `text` of `body`.
        case color
        /// The attribute `link` of `body`.
        case linkColor
        /// The attribute `bgcolor`.
        case backgroundColor
        /// The attribute `background`.
        case backgroundImage
        case hidden, align
        /// The attribute `dir`.
        case direction
        // Attributes that styles depend on, whatever their value.
        case open, href
        // Without styles.
        case alt, width, height, type, value, media, label, placeholder

        /// The bit of the attribute in a set.
        var bit: UInt32 { 1 << UInt32(rawValue) }

        /// The sets of the attributes that styles depend on, and of those whose values count.
        static let styling: UInt32 = alt.bit - 1
        static let valued: UInt32 = open.bit - 1
    }

    var element: HTMLElement
    /// Hash of the name of an unknown element, to match its end tag; 0 for known elements.
    private(set) var nameHash: UInt64
    /// The attributes that the tag has, as a set of their bits.
    private(set) var present: UInt32 = 0
    /// The names of all attributes, as a set of ``nameBit(_:)``; several names share a bit.
    private(set) var names: UInt64 = 0
    /// The values by attribute; those of absent attributes have no meaning.
    private(set) var ranges = [Range<Int>](repeating: 0..<0, count: Attribute.allCases.count)
    /// True for a `font` that ends a drawing or formula (WHATWG HTML section 13.2.6.5).
    private(set) var isFontWithLook = false
    /// True for an `annotation-xml` whose content is HTML (WHATWG HTML section 13.2.6).
    private(set) var holdsHTML = false
    /// `<tag/>`, which ends the element at once in drawings and formulas only.
    var isSelfClosing = false
    /// The whole tag in the document.
    var source = 0..<0
    /// All attributes, up to the `>`.
    var attributes = 0..<0

    init(element: HTMLElement, nameHash: UInt64) {
        self.element = element
        self.nameHash = nameHash
    }

    /// Makes it another tag, without attributes.
    func begin(_ element: HTMLElement, nameHash: UInt64) {
        self.element = element
        self.nameHash = nameHash
        present = 0
        names = 0
        isFontWithLook = false
        holdsHTML = false
        isSelfClosing = false
        source = 0..<0
        attributes = 0..<0
    }

    /// The range of an attribute's value, without quotes; nil when the tag doesn't have it.
    subscript(_ attribute: Attribute) -> Range<Int>? {
        present & attribute.bit == 0 ? nil : ranges[Int(attribute.rawValue)]
    }

    var media: Range<Int>? { self[.media] }
    var style: Range<Int>? { self[.style] }
    var href: Range<Int>? { self[.href] }
    var alt: Range<Int>? { self[.alt] }
    var width: Range<Int>? { self[.width] }
    var height: Range<Int>? { self[.height] }
    var classes: Range<Int>? { self[.classes] }
    var identifier: Range<Int>? { self[.identifier] }
    var type: Range<Int>? { self[.type] }
    var value: Range<Int>? { self[.value] }
    var label: Range<Int>? { self[.label] }
    var placeholder: Range<Int>? { self[.placeholder] }

    /// Keeps an attribute if it matters; the first with a name wins, as in browsers.
    ///
    /// - Parameters:
    ///   - name: The range of the name, which is not empty.
    ///   - range: The range of the value, without quotes.
    ///   - bytes: The document.
    func add(_ name: Range<Int>, _ range: Range<Int>, of bytes: [UInt8]) {
        names |= HTMLTag.nameBit(bytes[name])
        func keep(_ attribute: Attribute, named expected: StaticString) {
            guard bytes[name].equalsIgnoringCase(expected) else { return }
            if element == .font, attribute == .color { isFontWithLook = true }
            guard present & attribute.bit == 0 else { return }
            present |= attribute.bit
            ranges[Int(attribute.rawValue)] = range
        }
        // Length and first letter rule out most names before any is compared.
        switch (name.count, bytes[name.lowerBound] | 0x20) {
        case (2, UInt8(ascii: "i")): keep(.identifier, named: "id")
        case (3, UInt8(ascii: "d")): keep(.direction, named: "dir")
        case (3, UInt8(ascii: "a")): keep(.alt, named: "alt")
        case (4, UInt8(ascii: "h")): keep(.href, named: "href")
        case (4, UInt8(ascii: "o")): keep(.open, named: "open")
        case (4, UInt8(ascii: "l")): if element == .body { keep(.linkColor, named: "link") }
        case (4, UInt8(ascii: "t")):
            keep(.type, named: "type")
            if element == .body { keep(.color, named: "text") }
        case (5, UInt8(ascii: "a")): keep(.align, named: "align")
        case (5, UInt8(ascii: "s")): keep(.style, named: "style")
        case (5, UInt8(ascii: "c")):
            keep(.classes, named: "class")
            if element == .font { keep(.color, named: "color") }
        case (5, UInt8(ascii: "l")): keep(.label, named: "label")
        case (5, UInt8(ascii: "m")): keep(.media, named: "media")
        case (5, UInt8(ascii: "w")): keep(.width, named: "width")
        case (5, UInt8(ascii: "v")): keep(.value, named: "value")
        case (6, UInt8(ascii: "h")):
            keep(.height, named: "height")
            keep(.hidden, named: "hidden")
        case (7, UInt8(ascii: "b")):
            if element.hasBackgroundAttribute { keep(.backgroundColor, named: "bgcolor") }
        case (10, UInt8(ascii: "b")):
            if element.hasBackgroundAttribute { keep(.backgroundImage, named: "background") }
        case (11, UInt8(ascii: "p")): keep(.placeholder, named: "placeholder")
        default: addRare(bytes[name], bytes[range])
        }
    }

    /// The bit of a name, which is not empty, without regard to case.
    ///
    /// A tag that lacks the bit lacks the attribute.
    static func nameBit(_ name: ArraySlice<UInt8>) -> UInt64 {
        let first = Int(name[name.startIndex] | 0x20)
        let last = Int(name[name.endIndex - 1] | 0x20)
        return 1 << UInt64((name.count &* 7 &+ first &* 3 &+ last) & 63)
    }

    /// Reads an attribute that matters in drawings and formulas only.
    private func addRare(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        if element == .font {
            if name.equalsIgnoringCase("size") || name.equalsIgnoringCase("face") {
                isFontWithLook = true
            }
        } else if element == .`annotation-xml`, name.equalsIgnoringCase("encoding") {
            holdsHTML =
                value.equalsIgnoringCase("text/html")
                || value.equalsIgnoringCase("application/xhtml+xml")
        }
    }
}
