import ASCIIText
import Testing

@Suite struct `The first of two bytes is found` {
    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 30])
    func `wherever it stands`(position: Int) {
        for wanted in [UInt8(ascii: "\n"), UInt8(ascii: "=")] {
            // Neighbours of the two bytes, which a borrow between bytes could take for them.
            var bytes = (0..<31).map { [UInt8(0x0B), 0x3C, 0x3E, 0x09, 0xFF, 0x80][$0 % 6] }
            bytes[position] = wanted
            for start in 0...31 {
                let found = bytes.withUnsafeBufferPointer {
                    $0.firstIndex(of: UInt8(ascii: "\n"), or: UInt8(ascii: "="), from: start)
                }
                #expect(found == (start <= position ? position : 31))
            }
        }
    }

    @Test func `and the earlier one wins`() {
        let bytes = Array("abc=def\nghi=".utf8)
        bytes.withUnsafeBufferPointer { bytes in
            #expect(bytes.firstIndex(of: UInt8(ascii: "\n"), or: UInt8(ascii: "="), from: 0) == 3)
            #expect(bytes.firstIndex(of: UInt8(ascii: "\n"), or: UInt8(ascii: "="), from: 4) == 7)
        }
    }
}

@Suite struct `The end of ASCII that shows something is found` {
    @Test(arguments: UInt8.min...UInt8.max)
    func `at the first byte that shows nothing or is none`(byte: UInt8) {
        let isEnd = byte >= 0x80 || ASCII.isInvisible(byte)
        for position in 0..<20 {
            // Neighbours that a carry between bytes could change.
            var bytes = (0..<20).map { [UInt8(0x00), 0x7E, 0x09, 0x0D, 0x20][$0 % 5] }
            bytes[position] = byte
            #expect(bytes[...].endOfShownASCII(from: 0) == (isEnd ? position : 20))
            #expect(bytes.isShownASCII(in: 0..<20) == !isEnd)
            #expect(bytes.isShownASCII(in: 0..<position))
        }
    }

    @Test func `and control characters are told from white space`() {
        let controls = (UInt8.min...UInt8.max).filter(ASCII.isInvisible)
        #expect(controls == Array(1...8) + Array(14...31) + [127])
    }
}
