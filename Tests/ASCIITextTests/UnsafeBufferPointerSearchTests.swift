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
