import ASCIIText

/// A start tag with the attributes that matter here, as ranges of the document.
struct HTMLTag {
    var element: HTMLElement
    /// Hash of the name of an unknown element, to match its end tag; 0 for known elements.
    let nameHash: UInt64
    private(set) var media: Range<Int>?
    private(set) var style: Range<Int>?
    private(set) var href: Range<Int>?
    private(set) var alt: Range<Int>?
    /// The attribute `color` of `font`, or `text` of `body`.
    private(set) var color: Range<Int>?
    /// The attribute `bgcolor`.
    private(set) var backgroundColor: Range<Int>?
    /// The attribute `background`.
    private(set) var backgroundImage: Range<Int>?
    private(set) var width: Range<Int>?
    private(set) var height: Range<Int>?
    private(set) var classes: Range<Int>?
    private(set) var identifier: Range<Int>?
    private(set) var type: Range<Int>?
    private(set) var value: Range<Int>?
    /// The attribute `hidden`.
    private(set) var hidden: Range<Int>?
    private(set) var open: Range<Int>?
    /// The attribute `align`.
    private(set) var align: Range<Int>?
    /// The attribute `link` of `body`.
    private(set) var linkColor: Range<Int>?
    /// The attribute `dir`.
    private(set) var direction: Range<Int>?
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

    /// Keeps an attribute if it matters; the first with a name wins, as in browsers.
    ///
    /// - Parameters:
    ///   - name: The range of the name.
    ///   - range: The range of the value, without quotes.
    ///   - bytes: The document.
    mutating func add(_ name: Range<Int>, _ range: Range<Int>, of bytes: [UInt8]) {
        let word = bytes[name]
        switch word.count {
        case 2: if word.equalsIgnoringCase("id"), identifier == nil { identifier = range }
        case 3:
            if word.equalsIgnoringCase("dir"), direction == nil { direction = range }
            if word.equalsIgnoringCase("alt"), alt == nil { alt = range }
        case 4:
            if word.equalsIgnoringCase("href"), href == nil { href = range }
            if word.equalsIgnoringCase("type"), type == nil { type = range }
            if element == .font, word.equalsIgnoringCase("size") || word.equalsIgnoringCase("face")
            {
                isFontWithLook = true
            }
            if word.equalsIgnoringCase("open"), open == nil { open = range }
            if word.equalsIgnoringCase("link"), element == .body, linkColor == nil {
                linkColor = range
            }
            if word.equalsIgnoringCase("text"), element == .body, color == nil { color = range }
        case 5:
            if word.equalsIgnoringCase("align"), align == nil { align = range }
            if word.equalsIgnoringCase("style"), style == nil { style = range }
            if word.equalsIgnoringCase("class"), classes == nil { classes = range }
            if word.equalsIgnoringCase("color"), element == .font, color == nil {
                color = range
                isFontWithLook = true
            }
            if word.equalsIgnoringCase("media"), media == nil { media = range }
            if word.equalsIgnoringCase("width"), width == nil { width = range }
            if word.equalsIgnoringCase("value"), value == nil { value = range }
        case 6:
            if word.equalsIgnoringCase("height"), height == nil { height = range }
            if word.equalsIgnoringCase("hidden"), hidden == nil { hidden = range }
        case 7:
            if word.equalsIgnoringCase("bgcolor"), element.hasBackgroundAttribute,
                backgroundColor == nil
            {
                backgroundColor = range
            }
        case 8:
            if element == .`annotation-xml`, word.equalsIgnoringCase("encoding") {
                let kind = bytes[range]
                holdsHTML =
                    kind.equalsIgnoringCase("text/html")
                    || kind.equalsIgnoringCase("application/xhtml+xml")
            }
        case 10:
            if word.equalsIgnoringCase("background"), element.hasBackgroundAttribute,
                backgroundImage == nil
            {
                backgroundImage = range
            }
        default: break
        }
    }
}
