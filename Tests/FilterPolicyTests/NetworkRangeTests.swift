import FilterPolicy
import Testing

@Suite struct NetworkRangeTests {
    @Test(
        "Addresses inside and outside",
        arguments: [
            ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false),
            ("10.0.0.0/9", "10.127.0.1", true), ("10.0.0.0/9", "10.128.0.1", false),
            ("192.0.2.1", "192.0.2.1", true), ("0.0.0.0/0", "8.8.8.8", true),
            ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::", false),
            ("::ffff:192.0.2.0", "192.0.2.0", true), ("192.0.2.0/24", "", false),
            ("::/0", "1.2.3.4", false),
        ])
    func contains(_ range: String, _ address: String, _ inside: Bool) throws {
        #expect(try #require(NetworkRange(range)).contains(address) == inside)
    }

    @Test(
        "What is no range is refused",
        arguments: ["", "x", "1.2.3", "1.2.3.4/33", "1.2.3.4/-1", "::/129", "1.2.3.4/"])
    func refused(_ text: String) { #expect(NetworkRange(text) == nil) }

    @Test("A range reads back as it was written", arguments: ["192.0.2.0/24", "2001:DB8::/32"])
    func description(_ text: String) { #expect(NetworkRange(text)?.description == text) }

    @Test("Every prefix length covers as many addresses as it should", arguments: 0...32)
    func prefix(_ length: Int) throws {
        let range = try #require(NetworkRange("0.0.0.0/\(length)"))
        // The last address inside and the first outside.
        let size = UInt64(1) << (32 - UInt64(length))
        func text(_ number: UInt64) -> String {
            [24, 16, 8, 0].map { "\(number >> $0 & 0xFF)" }.joined(separator: ".")
        }
        #expect(range.contains(text(size - 1)))
        #expect(length == 0 || !range.contains(text(size)))
    }
}
