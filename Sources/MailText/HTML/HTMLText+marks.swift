import ASCIIText

/// The links, images and controls between the words of HTML.
extension HTMLText {
    /// Adds the marks of a start tag, and the text that it shows itself.
    ///
    /// - Parameters:
    ///   - tag: The start tag.
    ///   - outer: The style of the text around the element.
    ///   - inner: The style of the element.
    mutating func mark(_ tag: HTMLTag, outer: SharedStyle, inner: SharedStyle) {
        switch tag.element {
        case .a:
            closeLink()
            guard let href = tag.href, !href.isEmpty, hasRoomForMark() else { return }
            let target = url(href)
            add(.link(target))
            openLink = (target, result.bytes.count)
        case .area:
            add(.element("area"))
            if let href = tag.href, !href.isEmpty {
                let target = url(href)
                add(.link(target))
            }
        case .img:
            let isPixel = isPixelSide(tag.width) || isPixelSide(tag.height)
            add(.image(isPixel: isPixel))
            if let alt = tag.alt, !inner.hidesText, !isPixel { show(alt, style: outer) }
        case .input:
            add(.element("input"))
            guard !inner.hidesText else { return }
            let type = tag.type.map { bytes[$0].trimmingSpace() } ?? []
            func isOne(of types: [StaticString]) -> Bool {
                types.contains { type.equalsIgnoringCase($0) }
            }
            if let value = tag.value, !value.isEmpty, !isOne(of: HTMLText.valuelessTypes) {
                style = outer
                appendText(Array(attribute(value, limit: HTMLText.maximumLabelBytes).utf8)[...])
            } else if type.equalsIgnoringCase("image"), let alt = tag.alt {
                show(alt, style: outer)
            } else if let placeholder = tag.placeholder, !isOne(of: HTMLText.unlabelledTypes),
                tag.value?.isEmpty ?? true
            {
                show(placeholder, style: outer)
            }
        case .textarea:
            add(.element("textarea"))
            if let placeholder = tag.placeholder, !inner.hidesText, isEmpty(textarea: tag) {
                show(placeholder, style: outer)
            }
        case .option, .optgroup:
            if let label = tag.label, !inner.hidesText { show(label, style: inner) }
        case .form, .iframe, .object, .embed, .map, .button, .select:
            add(.element(String(decoding: tag.element.name, as: UTF8.self)))
        default: break
        }
    }

    /// Shows the value of an attribute, apart from the words around it.
    private mutating func show(_ value: Range<Int>, style: SharedStyle) {
        guard !value.isEmpty else { return }
        self.style = style
        pendingSpace = true
        appendText(Array(attribute(value, limit: HTMLText.maximumLabelBytes).utf8)[...])
        pendingSpace = true
    }

    /// True when a text area holds nothing, so that its placeholder is shown.
    private func isEmpty(textarea tag: HTMLTag) -> Bool {
        var content = bytes[min(tag.source.upperBound, bytes.count)...]
        // The first line break does not count (WHATWG HTML section 13.2.6.4.7).
        if content.first == ASCII.carriageReturn { content = content.dropFirst() }
        if content.first == ASCII.lineFeed { content = content.dropFirst() }
        return content.isEmpty || content.startsIgnoringCase("</textarea")
    }

    /// Controls that show something else than their value (WHATWG HTML section 4.10.5.1).
    private static let valuelessTypes: [StaticString] = [
        "hidden", "password", "checkbox", "radio", "file", "image", "range", "color",
    ]
    /// Controls that have no placeholder.
    private static let unlabelledTypes: [StaticString] = [
        "hidden", "checkbox", "radio", "file", "image", "range", "color", "submit", "reset",
        "button", "date", "month", "week", "time", "datetime-local",
    ]

    /// True for the width or height of a picture that nobody sees.
    @inline(__always)
    private func isPixelSide(_ side: Range<Int>?) -> Bool {
        guard let side, let number = CSSValue.number(bytes[side]) else { return false }
        return number.value <= Visibility.pixelSide
    }

    /// Ends the open link and compares its text with its target.
    mutating func closeLink() {
        guard let (target, start) = openLink else { return }
        openLink = nil
        if LinkComparison.misleads(shown: result.bytes[start...], target: target) {
            result.misleadingLinks += 1
        }
    }

    /// Adds a mark, if there is room for it.
    private mutating func add(_ kind: VisibleText.Mark.Kind) {
        guard hasRoomForMark() else { return }
        result.marks.append(VisibleText.Mark(offset: result.bytes.count, kind: kind))
    }

    /// False for a piece that is read again, and when there are as many marks as the limit allows.
    private mutating func hasRoomForMark() -> Bool {
        guard addsMarks else { return false }
        guard result.marks.count < limits.links else {
            defects.insert(.limitLinks)
            return false
        }
        return true
    }

    /// An attribute's value as text, at most `limit` bytes of it.
    @inline(__always)
    private func attribute(_ range: Range<Int>, limit: Int) -> String {
        String(decoding: value(range, limit: limit), as: UTF8.self)
    }

    /// A URL without the line breaks and tabs that browsers ignore (WHATWG URL section 4.4).
    @inline(__always)
    private func url(_ range: Range<Int>) -> String {
        var bytes = value(range, limit: HTMLText.maximumURLBytes)
        if bytes.firstIndex(of: ASCII.lineFeed, or: ASCII.tab, from: 0) < bytes.count {
            bytes.removeAll { $0 == ASCII.lineFeed || $0 == ASCII.tab }
        }
        return String(decoding: bytes[...].trimmingSpace(), as: UTF8.self)
    }

    /// An attribute's value with its references decoded, at most about `limit` bytes of it.
    @inline(__always)
    func value(_ range: Range<Int>, limit: Int) -> [UInt8] {
        HTMLEntity.decodedAttribute(range, of: bytes, limit: limit)
    }
}
