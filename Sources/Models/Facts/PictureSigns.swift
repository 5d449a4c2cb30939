/// Signs that are small pictures, as in the sender's name `\u{1F381} Rewards`.
enum PictureSigns {
    private static let signs: [ClosedRange<UInt32>] = [
        // Miscellaneous Symbols and Dingbats.
        0x2600...0x27BF,
        // From Mahjong Tiles to Symbols and Pictographs Extended-A.
        0x1F000...0x1FAFF,
    ]

    /// Whether a name has one.
    static func are(in name: String) -> Bool {
        name.unicodeScalars.contains { scalar in
            signs.contains { $0.contains(scalar.value) }
        }
    }
}
