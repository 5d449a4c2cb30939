/// A colour without transparency, 0 to 255 for each channel.
struct RGB: Equatable {
    var red: Int
    var green: Int
    var blue: Int

    static let black = RGB(red: 0, green: 0, blue: 0)
    static let white = RGB(red: 255, green: 255, blue: 255)
    /// The colour of links in the default style sheet (WHATWG HTML section 15.3.4).
    static let link = RGB(red: 0, green: 0, blue: 238)

    init(red: Int, green: Int, blue: Int) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// - Parameter packed: `0xRRGGBB`.
    init(packed: Int) {
        self.init(red: packed >> 16 & 255, green: packed >> 8 & 255, blue: packed & 255)
    }

    /// Sum of the differences of the three channels, 0 to 765.
    func distance(to other: RGB) -> Int {
        abs(red - other.red) + abs(green - other.green) + abs(blue - other.blue)
    }
}
