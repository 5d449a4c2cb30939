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

    /// Names by raw value.
    private static let allNames: [[UInt8]] = (0..<UInt8(count)).map { raw in
        HTMLElement(rawValue: raw).map { Array("\($0)".utf8) } ?? []
    }

    /// A hash table with open addressing by ``slot(_:in:)``; a quarter full.
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
    /// Bytes of the longest known name.
    private static let longestName = 10

    /// The index into ``slots`` at which the search for a name begins.
    private static func slot(_ range: Range<Int>, in bytes: [UInt8]) -> Int {
        var hash = FNV1a()
        for index in range { hash.add(ASCII.lower(bytes[index])) }
        return Int(truncatingIfNeeded: (hash.value ^ hash.value >> 32) % UInt64(slotCount))
    }

    /// The element's name in lower case.
    var name: [UInt8] { HTMLElement.allNames[Int(rawValue)] }

    /// The element named by a range of bytes, without regard to case.
    init(_ range: Range<Int>, in bytes: [UInt8]) {
        self = .other
        guard range.count <= HTMLElement.longestName, !range.isEmpty else { return }
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

    /// True when the bytes are the element's name, without regard to case.
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

    /// True when the content is text without markup (WHATWG HTML section 13.1.2).
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

    /// True for table cells, which are side by side with little or no space between.
    var isCell: Bool { self == .td || self == .th }

    /// True for elements whose content is never shown.
    var isInvisible: Bool {
        switch self {
        case .head, .template, .noframes, .noembed, .svg, .audio, .video, .datalist:
            return true
        default: return false
        }
    }

    /// True for formatting elements, whose end tags also close them across blocks (WHATWG HTML
    /// section 13.2.4.2).
    var isFormatting: Bool {
        switch self {
        case .a, .b, .strong, .font, .i, .u, .em, .small, .big, .code, .s, .strike, .tt, .nobr:
            return true
        default: return false
        }
    }

    /// True for `h1` to `h6`.
    var isHeading: Bool {
        rawValue >= HTMLElement.h1.rawValue && rawValue <= HTMLElement.h6.rawValue
    }

    /// True for elements that may have a background by attribute.
    var hasBackgroundAttribute: Bool {
        switch self {
        case .body, .table, .tbody, .thead, .tfoot, .tr, .td, .th, .marquee: return true
        default: return false
        }
    }

    /// The open element that a start tag of this element closes, and the element that ends the
    /// search for it.
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
