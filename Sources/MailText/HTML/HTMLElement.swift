import ASCIIText

/// The elements that matter for what a reader sees or for how the tree is built; all others are
/// ``other``, which is inline.
enum HTMLElement: UInt8, Hashable {
    case other
    // Inline, counted or styled.
    case a, b, strong, font, span, img, i, u, em, small, big, bdo, code, s, strike, tt, nobr
    case sub, sup, `var`, ruby, rb, rt, rtc, applet, keygen, image
    // Blocks.
    case p, div, br, hr, table, tbody, thead, tfoot, tr, td, th, ul, ol, li, dl, dt, dd
    case h1, h2, h3, h4, h5, h6, blockquote, pre, form, body, html, head, section, article
    case header, footer, nav, main, address, fieldset, caption, figure, option, aside, details
    case summary, figcaption, legend, dialog, menu, dir, hgroup, center, search, listing, xmp
    case plaintext, optgroup, frameset, marquee
    // Controls and embedded things.
    case input, button, select, textarea, iframe, object, embed, map, area, video, audio
    // Drawings and formulas.
    case svg, math, desc, foreignobject, defs, symbol, pattern, mask, marker, clippath
    case mi, mo, mn, ms, mtext, mglyph, malignmark, `annotation-xml`
    // Without visible content.
    case style, script, title, noscript, template, noembed, noframes, datalist, rp
    case meta, link, base, basefont, bgsound, frame, wbr, col, colgroup, param, source, track

    /// Names by raw value.
    private static let allNames: [[UInt8]] = (0..<UInt8(count)).map { raw in
        // A name that is no Swift identifier is described with its backticks.
        HTMLElement(rawValue: raw).map { "\($0)".utf8.filter { $0 != UInt8(ascii: "`") } } ?? []
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
    private static let longestName = 14

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
}
