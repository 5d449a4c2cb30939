import Testing
import TextFeatures

@testable import SiteLearning

@Suite struct NearDuplicateTests {
    /// Keys of texts of 400 features by 50 secrets, of which some share a part of the features.
    private func sameKeys(common: Int) -> Int {
        (0..<50).count { (round: Int) in
            func hash(_ number: Int) -> UInt32 {
                UInt32(
                    truncatingIfNeeded: (UInt64(number + round * 10_000 + 1)
                        &* 0x9E37_79B9_7F4A_7C15) >> 24)
            }
            let one = SiteFeatures(text: (0..<400).map(hash), sender: [])
            let other = SiteFeatures(
                text: (0..<common).map(hash) + (1_000..<(1_400 - common)).map(hash), sender: [])
            return one.nearDuplicateKey == other.nearDuplicateKey
        }
    }

    @Test("Messages with a few other words have the same key, those with half of them not")
    func keys() {
        #expect(sameKeys(common: 400) == 50)
        #expect(sameKeys(common: 396) > 35)
        #expect(sameKeys(common: 200) < 5)
    }

    @Test("A short text has no key")
    func short() {
        #expect(SiteFeatures(text: Array(1...39), sender: []).nearDuplicateKey == nil)
        #expect(SiteFeatures(text: Array(1...40), sender: []).nearDuplicateKey != nil)
    }
}
