/// Computes the style of an element from its declarations.
extension TextStyle {
    /// Custom properties that are kept.
    static let maximumVariables = 64

    /// Applies the declarations that hold for an element.
    ///
    /// - Parameters:
    ///   - change: The declarations.
    ///   - parent: The style around the element.
    ///   - traits: The element.
    mutating func apply(_ change: StyleChange, in parent: TextStyle, _ traits: Traits) {
        scopes |= change.scopes
        openedScopes = change.scopes
        if !change.variables.isEmpty { add(change.variables) }
        guard !change.normal.isEmpty || !change.important.isEmpty else {
            return settle(in: parent, traits)
        }
        var box = StyleBox()
        if element == .fieldset {
            // WHATWG HTML section 15.3.13.
            box.set(.paddingBottom, CSSLength(fixed: 10))
            box.set(.paddingRight, CSSLength(fixed: 12))
        }
        if traits.isUntilFound { box.setHiding(.contentVisibility, true) }
        for declaration in change.normal { set(declaration, &box, parent, traits) }
        for declaration in change.important { set(declaration, &box, parent, traits) }
        finish(box, in: parent, traits)
    }

    /// Sets custom properties; what they are already keeps the object that other elements share.
    private mutating func add(_ added: [StyleChange.Variable]) {
        let old = variables?.values ?? [:]
        var new = old
        var isChanged = false
        for variable in added where new.count < TextStyle.maximumVariables {
            if new[variable.name] == variable.value { continue }
            new[variable.name] = variable.value
            isChanged = true
        }
        if isChanged { variables = StyleVariables(new) }
    }

    /// Ends an element without declarations.
    private mutating func settle(in parent: TextStyle, _ traits: Traits) {
        let isInFlexibleBox = parent.box == .flex || parent.box == .inlineFlex
        box = isInFlexibleBox ? display.blockified : display
        if display == StyleValue.Display.none { isRemoved = true }
        if element == .body { bodyColor = foreground }
        if traits.isUntilFound, box != .inline { isRemoved = true }
        indent()
    }

    /// Moves the first line: that of an inline element is the one of the block around it.
    private mutating func indent() {
        guard box != .inline, box != .contents, box != .table, box != .tablePart else { return }
        let indent = textIndent.pixels(em: fontSize, whole: TextStyle.usualSide) ?? 0
        lineX = isRightToLeft ? 0 : min(indent, 0) * alignment + max(indent, 0)
    }

    // MARK: One declaration

    private mutating func set(
        _ declaration: StyleDeclaration, _ box: inout StyleBox, _ parent: TextStyle,
        _ traits: Traits
    ) {
        let property = declaration.property
        if property.isInherited {
            setInherited(property, declaration.value, parent, traits)
        } else {
            setOwn(property, declaration.value, &box, parent, traits)
        }
    }

    private mutating func setInherited(
        _ property: StyleProperty, _ value: StyleValue, _ parent: TextStyle, _ traits: Traits
    ) {
        switch (property, value) {
        case (_, .initial): take(property, from: TextStyle.initial)
        case (_, .inherit): take(property, from: parent)
        case (_, .revert):
            var natural = parent
            natural.enter(traits)
            take(property, from: natural)
        case (.color, .paint(let paint)):
            switch paint {
            case .color(let color): foreground = color
            case .current: foreground = parent.foreground
            case .unknown: foreground = nil
            }
        case (.fillColor, .paint(let paint)): fill = paint
        case (.fontSize, .length(let length)):
            fontSize =
                length.pixels(em: parent.fontSize, whole: parent.fontSize)
                ?? CSSValue.defaultFontSize
        case (.fontSize, .number(let factor)): fontSize = parent.fontSize * factor
        case (.visibility, .flag(let flag)): isInvisible = flag
        case (.isPreformatted, .flag(let flag)): isPreformatted = flag
        case (.isRightToLeft, .flag(let flag)): isRightToLeft = flag
        case (.textIndent, .length(let length)): textIndent = length
        case (.textAlign, .number(let share)): alignment = share
        case (.breaksWords, .flag(let flag)): breaksWords = flag
        case (.isOutlined, .flag(let flag)): isOutlined = flag
        default: break
        }
    }

    /// Takes over the value of an inherited property.
    private mutating func take(_ property: StyleProperty, from source: TextStyle) {
        switch property {
        case .color: foreground = source.foreground
        case .fillColor: fill = source.fill
        case .fontSize: fontSize = source.fontSize
        case .visibility: isInvisible = source.isInvisible
        case .isPreformatted: isPreformatted = source.isPreformatted
        case .isRightToLeft: isRightToLeft = source.isRightToLeft
        case .textIndent: textIndent = source.textIndent
        case .textAlign: alignment = source.alignment
        case .breaksWords: breaksWords = source.breaksWords
        case .isOutlined: isOutlined = source.isOutlined
        default: break
        }
    }

    private mutating func setOwn(
        _ property: StyleProperty, _ value: StyleValue, _ box: inout StyleBox, _ parent: TextStyle,
        _ traits: Traits
    ) {
        switch (property, value) {
        case (.display, .display(let kind)): display = kind
        case (.display, .inherit): display = parent.display
        case (.display, .revert): display = traits.displayWithoutAttribute
        case (.display, _): display = .inline
        case (.isFloating, .flag(let flag)): isFloating = flag
        case (.isFloating, .inherit): isFloating = parent.isFloating
        case (.isFloating, _): isFloating = false
        case (.isOverridden, .flag(let flag)): isOverridden = flag
        case (.isOverridden, _): isOverridden = false
        case (.opacity, .number(let number)): box.opacity = min(max(number, 0), 1)
        case (.opacity, .inherit): box.opacity = parent.opacity
        case (.opacity, _): box.opacity = 1
        case (.backgroundColor, .paint(let paint)): box.backgroundColor = paint
        case (.backgroundColor, .inherit):
            box.backgroundColor = parent.backgroundColor.map(StyleValue.Paint.color) ?? .unknown
        case (.backgroundColor, _): box.backgroundColor = .color(.transparent)
        case (.backgroundImage, .flag(let flag)): box.hasImage = flag
        case (.backgroundImage, _): box.hasImage = false
        case (.isClippedToText, .flag(let flag)): box.isClippedToText = flag
        case (.isClippedToText, _): box.isClippedToText = false
        case (.position, .position(let position)): box.position = position
        case (.position, _): box.position = .inFlow
        case (.overflowX, .overflow(let overflow)): box.overflowX = overflow
        case (.overflowX, _): box.overflowX = .visible
        case (.overflowY, .overflow(let overflow)): box.overflowY = overflow
        case (.overflowY, _): box.overflowY = .visible
        case (.clip, _), (.clipPath, _), (.filter, _), (.transform, _), (.scale, _),
            (.contentVisibility, _):
            if case .flag(true) = value {
                box.setHiding(property, true)
            } else {
                box.setHiding(property, false)
            }
        case (_, .length(let length)): box.set(property, length)
        default: box.set(property, .auto)
        }
    }

    // MARK: All together

    /// The width and the height that a percentage refers to where it is not known.
    static let usualSide = CSSValue.windowSide
    /// Where the right side of a window may be.
    private static let widestWindow = 2_000.0
    /// How much more an element must be moved up in the flow than to the left: there may be much
    /// text above.
    private static let flowShare = 0.25

    private mutating func finish(_ box: StyleBox, in parent: TextStyle, _ traits: Traits) {
        let isPositioned = box.position == .absolute || box.position == .fixed
        let isInFlexibleBox = parent.box == .flex || parent.box == .inlineFlex
        self.box =
            isPositioned || isFloating || isInFlexibleBox ? display.blockified : display
        if display == StyleValue.Display.none { isRemoved = true }
        if display != .contents {
            opacity *= box.opacity
            paintBackground(box)
        }
        if traits.element == .body { bodyColor = foreground }
        let isInline = self.box == .inline || self.box == .contents
        if box.hides(isPositioned: isPositioned, isInline: isInline) { isRemoved = true }
        move(box, in: parent, isInline: isInline)
        clip(box, isPositioned: isPositioned, isInFlexibleBox: isInFlexibleBox, parent, traits)
    }

    private mutating func paintBackground(_ box: StyleBox) {
        var color: CSSColor? = .transparent
        switch box.backgroundColor {
        case .color(let declared): color = declared
        case .current: color = foreground
        case .unknown: color = nil
        case nil: return paintImage(box)
        }
        backgroundColor = color
        if box.isClippedToText { return paintImage(box) }
        if let color {
            if color.alpha >= 1 {
                background = color.rgb
            } else if color.alpha > 0 {
                background = background.map { color.over($0) }
            }
        } else {
            background = nil
        }
        paintImage(box)
    }

    private mutating func paintImage(_ box: StyleBox) {
        if box.isClippedToText {
            // The letters have the colours of the background where they are transparent.
            if let color = foreground, color.alpha < 1 { foreground = nil }
            if case .color(let color) = fill, color.alpha < 1 { fill = .unknown }
        } else if box.hasImage {
            background = nil
        }
    }

    private mutating func move(_ box: StyleBox, in parent: TextStyle, isInline: Bool) {
        func pixels(_ property: StyleProperty, whole: Double? = TextStyle.usualSide) -> Double? {
            let length = box.length(property)
            return length.kind == .auto ? nil : length.pixels(em: fontSize, whole: whole)
        }
        let isPositioned = box.position == .absolute || box.position == .fixed
        let isFixed = box.position == .fixed
        var left = pixels(.marginLeft) ?? 0
        if !isPositioned, !isFloating, left < 0 { left *= isRightToLeft ? 0 : alignment }
        var top = isInline ? 0 : pixels(.marginTop) ?? 0
        if !isPositioned { top *= TextStyle.flowShare }
        switch box.position {
        case .inFlow: break
        case .relative:
            left += pixels(.left) ?? -(pixels(.right) ?? 0)
            top +=
                (pixels(.top, whole: nil) ?? -(pixels(.bottom, whole: nil) ?? 0))
                * TextStyle.flowShare
        case .absolute, .fixed:
            if let offset = pixels(.left) {
                x = (isFixed ? 0 : containerX) + offset
            } else if let offset = pixels(.right), offset > TextStyle.widestWindow {
                x = TextStyle.widestWindow - offset
            }
            if let offset = pixels(.top, whole: nil) {
                y = (isFixed ? 0 : containerY) + offset
            } else if let offset = pixels(.bottom, whole: nil), offset > TextStyle.widestWindow {
                y = TextStyle.widestWindow - offset
            }
        }
        if !isInline {
            left += pixels(.transformX, whole: nil) ?? 0
            left += pixels(.translateX, whole: nil) ?? 0
            let moved =
                (pixels(.transformY, whole: nil) ?? 0) + (pixels(.translateY, whole: nil) ?? 0)
            top += isPositioned ? moved : moved * TextStyle.flowShare
        }
        x += left
        y += top
        if box.position != .inFlow {
            containerX = x
            containerY = y
        }
        indent()
    }
}
