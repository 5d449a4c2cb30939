/// The limits between text that a reader can see and text that is hidden.
///
/// Senders who hide text use values a little off zero, so that filters that test for zero miss it.
/// Each limit is therefore wider than zero, but far from the values of text that is meant to be
/// read.
enum Visibility {
    /// The largest `opacity` at which text is hidden: 2 % of black on white differs from white by 5
    /// of 255 levels.
    static let hiddenOpacity = 0.02

    /// The largest alpha of a text colour at which the text is hidden: 6 % of black on white
    /// differs from white by 15 of 255 levels.
    ///
    /// It covers all of `#rrggbb00` to `#rrggbb0f`.
    static let hiddenAlpha = 0.06

    /// The largest difference between text and background, summed over the three channels, at which
    /// the text is hidden: about eight levels a channel, such as `#f8f8f8` on white.
    static let hiddenContrast = 24

    /// The largest font size in pixels at which text is hidden.
    static let hiddenFontSize = 1.0

    /// The largest width or height in pixels at which a clipped box shows nothing of its text, and
    /// a column shows its words letter above letter.
    static let hiddenSide = 1.0

    /// The largest shift in pixels, by position, margin, indent or transform, that moves text off
    /// the page.
    ///
    /// Mail is laid out about 600 pixels wide, so a box that is to be seen is not moved by so much;
    /// hanging indents, which are meant to be seen, are about as wide as a few letters.
    static let hiddenOffset = -500.0

    /// The largest side of an image in pixels that makes it a tracking pixel, not a picture.
    static let pixelSide = 2.0
}
