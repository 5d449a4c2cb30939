/// The style of the text in an element, shared by all that refer to it: a copy costs one reference.
///
/// A ``TextStyle`` is large, and most elements and texts only pass it on.
struct SharedStyle {
    private final class Storage {
        let style: TextStyle
        let hidesText: Bool

        init(_ style: TextStyle) {
            self.style = style
            hidesText = style.hidesText
        }
    }

    private let storage: Storage

    init(_ style: TextStyle = TextStyle()) { storage = Storage(style) }

    var value: TextStyle { storage.style }

    /// True when text of this style can't be seen.
    var hidesText: Bool { storage.hidesText }
    var isRemoved: Bool { storage.style.isRemoved }
    var display: StyleValue.Display { storage.style.display }
    var isFloating: Bool { storage.style.isFloating }
    var isPreformatted: Bool { storage.style.isPreformatted }
    var isRightToLeft: Bool { storage.style.isRightToLeft }
    var isOverridden: Bool { storage.style.isOverridden }
    /// How far the first line is moved.
    var lineX: Double { storage.style.lineX }

    /// The style without the shift of the first line.
    var withoutLineShift: SharedStyle {
        var style = storage.style
        style.lineX = 0
        return SharedStyle(style)
    }
}
