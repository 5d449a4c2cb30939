import Testing

@testable import SiteLearning

@Suite struct SipHashTests {
    @Test(
        "SipHash-2-4 gives the vectors of its authors: key 00…0f, message 00, 01, …",
        arguments: [
            (0, 0x726F_DB47_DD0E_0E31), (1, 0x74F8_39C5_93DC_67FD), (7, 0xAB02_00F5_8B01_D137),
            (8, 0x93F5_F579_9A93_2462), (9, 0x9E00_82DF_0BA9_E4B0), (15, 0xA129_CA61_49BE_45E5),
            (16, 0x3F2A_CC7F_57C2_9BDB), (63, 0x958A_324C_EB06_4572),
        ] as [(Int, UInt64)])
    func vectors(_ length: Int, _ expected: UInt64) throws {
        let secret = try #require(SiteSecret(Array(0..<16)))
        let message = (0..<length).map { UInt8($0) }
        #expect(message.withUnsafeBytes { secret.hash.hash($0, $0.indices) } == expected)
        // The same bytes in front of others.
        let longer = [9] + message + [UInt8](repeating: 7, count: 9)
        #expect(
            longer.withUnsafeBytes { secret.hash.hash($0, 1..<(length + 1)) } == expected)
    }

    @Test("A secret has 16 bytes, and random ones differ")
    func secret() {
        #expect(SiteSecret([1, 2, 3]) == nil)
        #expect(SiteSecret([UInt8](repeating: 0, count: 17)) == nil)
        #expect(SiteSecret.random() != SiteSecret.random())
        #expect(SiteSecret.random().bytes.count == SiteSecret.length)
    }
}
