/// Signs that are small pictures, as in the sender's name `\u{1F381} Rewards`.
///
/// Signs of print, such as stars, notes and crosses, are none, nor are letters in frames and flags:
/// shops, choirs, parishes and people have them in their names.
enum PictureSigns {
    private static let pictures: ClosedRange<UInt32> = 0x1F300...0x1FAFF
    /// Miscellaneous Symbols and Dingbats; pictures are those that show in colour by themselves.
    private static let symbols: ClosedRange<UInt32> = 0x2600...0x27BF
    private static let ticks: ClosedRange<UInt32> = 0x2713...0x2714

    /// Whether a name has one.
    static func are(in name: String) -> Bool {
        name.unicodeScalars.contains { scalar in
            pictures.contains(scalar.value) || ticks.contains(scalar.value)
                || symbols.contains(scalar.value) && scalar.properties.isEmojiPresentation
        }
    }
}
