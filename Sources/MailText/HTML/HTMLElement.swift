import ASCIIText

/// The elements that matter for what a reader sees; all others are ``other``, which is inline.
enum HTMLElement: UInt8, Hashable {
    case other
    // Inline, counted or styled.
    case a, b, strong, font, span, img, i, u, em, small, big, bdo, code, s, strike, tt, nobr
    // Blocks.
    case p, div, br, hr, table, tbody, thead, tfoot, tr, td, th, ul, ol, li, dl, dt, dd
    case h1, h2, h3, h4, h5, h6, blockquote, pre, form, body, html, head, section, article
    case header, footer, nav, main, address, fieldset, caption, figure, option, aside, details
    case summary, figcaption, legend, dialog, menu, dir, hgroup, center, marquee
    // Controls and embedded things.
    case input, button, select, textarea, iframe, object, embed, map, area, video, audio, svg
    // Without visible content.
    case style, script, title, noscript, template, xmp, noembed, noframes, datalist, rp
    case meta, link, base, wbr, col, param, source, track

    private static let allNames: [[UInt8]] = (0..<UInt8(count)).map { raw in
        HTMLElement(rawValue: raw).map { Array("\($0)".utf8) } ?? []
    }

    /// Open addressing by the hash of ``slot(_:in:)``; a quarter full.
    private static let slots: [HTMLElement] = {
        var table = [HTMLElement](repeating: .other, count: slotCount)
        for raw in 1..<UInt8(count) {
            guard let element = HTMLElement(rawValue: raw) else { continue }
            let name = allNames[Int(raw)]
            var slot = HTMLElement.slot(0..<name.count, in: name)
            while table[slot] != .other { slot = (slot + 1) % slotCount }
            table[slot] = element
        }
        return table
    }()

    private static let slotCount = 512

    private static func slot(_ range: Range<Int>, in bytes: [UInt8]) -> Int {
        var hash: UInt32 = 0x811C_9DC5
        for index in range { hash = (hash ^ UInt32(ASCII.lower(bytes[index]))) &* 0x0100_0193 }
        return Int(hash ^ hash >> 15) % slotCount
    }

    /// The element's name in lower case.
    var name: [UInt8] { HTMLElement.allNames[Int(rawValue)] }

    /// The element named by a range of bytes, without regard to case.
    init(_ range: Range<Int>, in bytes: [UInt8]) {
        self = .other
        guard range.count <= 10, !range.isEmpty else { return }
        var slot = HTMLElement.slot(range, in: bytes)
        while true {
            let candidate = HTMLElement.slots[slot]
            if candidate == .other { return }
            if candidate.isNamed(range, in: bytes) {
                self = candidate
                return
            }
            slot = (slot + 1) % HTMLElement.slotCount
        }
    }

    private func isNamed(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
        let name = HTMLElement.allNames[Int(rawValue)]
        guard name.count == range.count else { return false }
        for (offset, byte) in name.enumerated() {
            if ASCII.lower(bytes[range.lowerBound + offset]) != byte { return false }
        }
        return true
    }

    /// The number of known elements, for tables.
    static let count = Int(HTMLElement.track.rawValue) + 1

    /// True when the content is not markup.
    var hasRawContent: Bool {
        switch self {
        case .style, .script, .title, .textarea, .xmp, .iframe, .noembed, .noframes: return true
        default: return false
        }
    }

    /// True for elements that have no end tag.
    var isVoid: Bool {
        switch self {
        case .br, .hr, .img, .input, .area, .embed, .meta, .link, .base, .wbr, .col, .param,
            .source, .track:
            return true
        default: return false
        }
    }

    /// True when the element begins and ends a line.
    var isBlock: Bool {
        rawValue >= HTMLElement.p.rawValue && rawValue <= HTMLElement.marquee.rawValue
    }

    /// True for table cells: they stand side by side, with little or no space between.
    var isCell: Bool { self == .td || self == .th }

    /// True for elements whose content is never shown.
    var isInvisible: Bool {
        switch self {
        case .head, .template, .noframes, .noembed, .svg, .audio, .video, .dialog, .datalist, .rp:
            return true
        default: return false
        }
    }

    /// True for elements whose end tags reach through blocks, as the standard's formatting elements.
    var isFormatting: Bool {
        switch self {
        case .a, .b, .strong, .font, .i, .u, .em, .small, .big, .code, .s, .strike, .tt, .nobr:
            return true
        default: return false
        }
    }

    var isHeading: Bool {
        rawValue >= HTMLElement.h1.rawValue && rawValue <= HTMLElement.h6.rawValue
    }

    /// True for blocks whose height and indent mean something; parts of tables have none of their
    /// own.
    var isBox: Bool {
        switch self {
        case .table, .tbody, .thead, .tfoot, .tr, .td, .th, .br, .hr: return false
        default: return isBlock
        }
    }

    /// True for elements that may have a background by attribute.
    var hasBackgroundAttribute: Bool {
        switch self {
        case .body, .table, .tbody, .thead, .tfoot, .tr, .td, .th, .marquee: return true
        default: return false
        }
    }

    /// The open element that a start tag of this element closes, and where the search for it stops.
    var closes: (HTMLElement, boundary: HTMLElement)? {
        switch self {
        case .li: return (.li, .ul)
        case .tr: return (.tr, .table)
        case .td, .th: return (.td, .tr)
        case .option: return (.option, .select)
        case .dd, .dt: return (.dd, .dl)
        case .a: return (.a, .td)
        default: return isBlock && self != .br ? (.p, .table) : nil
        }
    }
}

/// A start tag with the attributes that matter here.
struct HTMLTag {
    let element: HTMLElement
    /// Tells elements apart that are ``HTMLElement/other``.
    var nameHash: UInt32 = 0
    private(set) var media: Range<Int>?
    private(set) var style: Range<Int>?
    private(set) var href: Range<Int>?
    private(set) var src: Range<Int>?
    private(set) var alt: Range<Int>?
    private(set) var color: Range<Int>?
    private(set) var backgroundColor: Range<Int>?
    private(set) var backgroundImage: Range<Int>?
    private(set) var size: Range<Int>?
    private(set) var width: Range<Int>?
    private(set) var height: Range<Int>?
    private(set) var classes: Range<Int>?
    private(set) var identifier: Range<Int>?
    private(set) var type: Range<Int>?
    private(set) var value: Range<Int>?
    private(set) var isHidden = false
    private(set) var isRightToLeft = false

    init(element: HTMLElement, nameHash: UInt32) {
        self.element = element
        self.nameHash = nameHash
    }

    /// Keeps an attribute if it is one that matters; the first of a name wins, as in browsers.
    mutating func add(_ name: Range<Int>, _ range: Range<Int>, of bytes: [UInt8]) {
        let word = bytes[name]
        switch word.count {
        case 3 where word.equalsIgnoringCase("dir"):
            isRightToLeft = bytes[range].equalsIgnoringCase("rtl")
        case 2: if word.equalsIgnoringCase("id"), identifier == nil { identifier = range }
        case 3:
            if word.equalsIgnoringCase("src"), src == nil { src = range }
            if word.equalsIgnoringCase("alt"), alt == nil { alt = range }
        case 4:
            if word.equalsIgnoringCase("href"), href == nil { href = range }
            if word.equalsIgnoringCase("size"), size == nil { size = range }
            if word.equalsIgnoringCase("type"), type == nil { type = range }
            if word.equalsIgnoringCase("text"), element == .body, color == nil { color = range }
        case 5:
            if word.equalsIgnoringCase("style"), style == nil { style = range }
            if word.equalsIgnoringCase("class"), classes == nil { classes = range }
            if word.equalsIgnoringCase("color"), element == .font, color == nil { color = range }
            if word.equalsIgnoringCase("media"), media == nil { media = range }
            if word.equalsIgnoringCase("width"), width == nil { width = range }
            if word.equalsIgnoringCase("value"), value == nil { value = range }
        case 6:
            if word.equalsIgnoringCase("height"), height == nil { height = range }
            if word.equalsIgnoringCase("hidden") { isHidden = true }
        case 7:
            if word.equalsIgnoringCase("bgcolor"), element.hasBackgroundAttribute,
                backgroundColor == nil
            {
                backgroundColor = range
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
