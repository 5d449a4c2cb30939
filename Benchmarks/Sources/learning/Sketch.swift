import TextFeatures

/// A MinHash sketch of three-word shingles (Broder 1997): the share of equal numbers estimates how
/// similar two texts are.
struct Sketch: Sendable {
    private static let size = 64
    private var minima = [UInt32](repeating: .max, count: Sketch.size)

    init(_ words: [String]) {
        guard words.count > 2 else { return }
        let hashes = words.map { word in
            word.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01B3
            }
        }
        for index in 2..<hashes.count {
            let shingle = (hashes[index - 2] &* 31 &+ hashes[index - 1]) &* 31 &+ hashes[index]
            for number in 0..<Sketch.size {
                var value = shingle &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15
                value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
                minima[number] = min(minima[number], UInt32(truncatingIfNeeded: value >> 32))
            }
        }
    }

    func resembles(_ other: Sketch) -> Bool {
        var equal = 0
        for index in 0..<Sketch.size where minima[index] == other.minima[index] { equal += 1 }
        return Double(equal) >= 0.55 * Double(Sketch.size) && minima[0] != .max
    }
}

/// For each message the number of its group of near-duplicates: the first one that it resembles,
/// directly or through others.
func campaigns(_ messages: [BenchMessage]) -> [Int] {
    var group = Array(messages.indices)
    for index in messages.indices where messages[index].isSpam {
        for other in 0..<index
        where messages[other].isSpam && messages[index].sketch.resembles(messages[other].sketch) {
            group[index] = group[other]
            break
        }
    }
    return group
}
