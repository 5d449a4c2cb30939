/// The style of the text in an element, shared by all that refer to it.
///
/// A ``TextStyle`` is large, and most elements and texts only pass it on.
final class SharedStyle {
    let value: TextStyle
    /// True when text of this style can't be seen.
    let hidesText: Bool
    /// Distinguishes it from most others of its document.
    let number: Int

    init(_ value: TextStyle = TextStyle(), number: Int = 0) {
        self.value = value
        self.number = number
        hidesText = value.hidesText
    }

    var isRemoved: Bool { value.isRemoved }
    var display: StyleValue.Display { value.display }
    var isFloating: Bool { value.isFloating }
    var isPreformatted: Bool { value.isPreformatted }
    var isRightToLeft: Bool { value.isRightToLeft }
    var isOverridden: Bool { value.isOverridden }
    /// How far the first line is moved.
    var lineX: Double { value.lineX }

    /// The style without the shift of the first line.
    var withoutLineShift: SharedStyle {
        var style = value
        style.lineX = 0
        return SharedStyle(style, number: number)
    }
}
