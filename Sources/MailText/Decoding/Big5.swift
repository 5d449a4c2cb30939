import ASCIIText

/// Big5 with the characters of Hong Kong, as browsers read it (WHATWG Encoding section 12.1).
enum Big5 {
    private static let firstLead: UInt8 = 0x87
    private static let trailsOfLead = 157
    /// Trails before the gap of the ASCII control and the C1 controls.
    private static let lowTrails = 0x3F

    /// Unicode scalar values by lead and trail byte; 0 for none.
    private static let index: [UInt32] = {
        var result: [UInt32] = []
        result.reserveCapacity((0xFF - Int(firstLead)) * trailsOfLead)
        for scalar in Big5Table.text.unicodeScalars where !"|\n".unicodeScalars.contains(scalar) {
            result.append(scalar == " " ? 0 : scalar.value)
        }
        return result
    }()

    /// The text as UTF-8, with U+FFFD for each invalid sequence, and how many of them there are.
    static func decode(_ bytes: [UInt8]) -> (text: [UInt8], errors: Int) {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 2)
        var errors = 0
        var position = 0
        while position < bytes.count {
            let lead = bytes[position]
            position += 1
            if lead < 0x80 {
                text.append(lead)
                continue
            }
            guard lead > 0x80, lead < 0xFF, position < bytes.count else {
                errors += 1
                text.appendUTF8(0xFFFD)
                continue
            }
            let trail = bytes[position]
            if append(lead, trail, to: &text) {
                position += 1
            } else {
                errors += 1
                text.appendUTF8(0xFFFD)
                // An ASCII byte is no part of a broken character.
                if trail >= 0x80 { position += 1 }
            }
        }
        return (text, errors)
    }

    private static func append(_ lead: UInt8, _ trail: UInt8, to text: inout [UInt8]) -> Bool {
        let column: Int
        switch trail {
        case 0x40...0x7E: column = Int(trail) - 0x40
        case 0xA1...0xFE: column = Int(trail) - 0xA1 + lowTrails
        default: return false
        }
        // Four codes are a letter and an accent (WHATWG Encoding section 12.1.1).
        switch (lead, trail) {
        case (0x88, 0x62), (0x88, 0x64), (0x88, 0xA3), (0x88, 0xA5):
            text.appendUTF8(trail < 0x80 ? 0xCA : 0xEA)
            text.appendUTF8(trail == 0x62 || trail == 0xA3 ? 0x304 : 0x30C)
            return true
        default: break
        }
        let pointer = (Int(lead) - Int(firstLead)) * trailsOfLead + column
        guard index.indices.contains(pointer), index[pointer] != 0 else { return false }
        text.appendUTF8(index[pointer])
        return true
    }
}
