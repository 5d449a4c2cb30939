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

    /// A name in lower case, packed into two numbers: no known one is longer than 16 bytes.
    private struct PackedName: Equatable {
        var front: UInt64 = 0
        var back: UInt64 = 0

        init(_ range: Range<Int>, in bytes: [UInt8]) {
            for index in range {
                back = back << 8 | front >> 56
                front = front << 8 | UInt64(ASCII.lower(bytes[index]))
            }
        }

        /// The index into ``slots`` at which the search for the name begins.
        var slot: Int {
            let hash = (front ^ back &* 0xFF51_AFD7_ED55_8CCD) &* 0x9E37_79B9_7F4A_7C15
            return Int(truncatingIfNeeded: hash >> 55)
        }
    }

    private struct Slot {
        var name = PackedName(0..<0, in: [])
        var element = HTMLElement.other
    }

    /// A hash table with open addressing by ``PackedName/slot``; a quarter full.
    private static let slots: [Slot] = {
        var table = [Slot](repeating: Slot(), count: slotCount)
        for raw in 1..<UInt8(count) {
            guard let element = HTMLElement(rawValue: raw) else { continue }
            let bytes = allNames[Int(raw)]
            let name = PackedName(0..<bytes.count, in: bytes)
            var slot = name.slot
            while table[slot].element != .other { slot = (slot + 1) % slotCount }
            table[slot] = Slot(name: name, element: element)
        }
        return table
    }()

    /// As many as ``PackedName/slot`` has values: 9 bits.
    private static let slotCount = 512
    /// Bytes of the longest known name.
    private static let longestName = 14

    /// The element's name in lower case.
    var name: [UInt8] { HTMLElement.allNames[Int(rawValue)] }

    /// The element named by a range of bytes, without regard to case.
    init(_ range: Range<Int>, in bytes: [UInt8]) {
        self = .other
        guard range.count <= HTMLElement.longestName, !range.isEmpty else { return }
        let name = PackedName(range, in: bytes)
        var slot = name.slot
        while true {
            let candidate = HTMLElement.slots[slot]
            if candidate.element == .other { return }
            if candidate.name == name {
                self = candidate.element
                return
            }
            slot = (slot + 1) % HTMLElement.slotCount
        }
    }

    /// The number of known elements, for tables.
    static let count = Int(HTMLElement.track.rawValue) + 1
}
