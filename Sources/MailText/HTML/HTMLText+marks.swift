import ASCIIText

/// The links, images and controls between the words of HTML.
extension HTMLText {
    /// Adds the marks of a start tag, and the text that it shows itself.
    mutating func mark(_ tag: HTMLTag, style: SharedStyle) {
        switch tag.element {
        case .a:
            closeLink()
            guard let href = tag.href, !href.isEmpty else { return }
            let target = url(href)
            add(.link(target))
            guard addsMarks else { return }
            openLink = (target, result.bytes.count)
        case .area:
            add(.element("area"))
            if let href = tag.href, !href.isEmpty {
                add(.link(url(href)))
            }
        case .img:
            let sides = [tag.width, tag.height].compactMap { range in
                range.flatMap { CSSValue.number(bytes[$0])?.value }
            }
            let isPixel = sides.contains { $0 <= Visibility.pixelSide }
            add(.image(isPixel: isPixel))
            if let alt = tag.alt, !alt.isEmpty, !style.hidesText, !isPixel {
                pendingSpace = true
                appendText(Array(attribute(alt, limit: HTMLText.maximumAltBytes).utf8)[...])
                pendingSpace = true
            }
        case .input:
            add(.element("input"))
            guard let type = tag.type.map({ bytes[$0] }), let value = tag.value else { return }
            let isButton = type.equalsIgnoringCase("submit") || type.equalsIgnoringCase("button")
            if isButton, !style.hidesText {
                appendText(Array(attribute(value, limit: HTMLText.maximumLabelBytes).utf8)[...])
            }
        case .form, .iframe, .object, .embed, .map, .button, .select, .textarea:
            add(.element(String(decoding: tag.element.name, as: UTF8.self)))
        default: break
        }
    }

    /// Ends the open link and compares its text with its target.
    mutating func closeLink() {
        guard let (target, start) = openLink else { return }
        openLink = nil
        if LinkComparison.misleads(shown: result.bytes[start...], target: target) {
            result.misleadingLinks += 1
        }
    }

    private mutating func add(_ kind: VisibleText.Mark.Kind) {
        guard addsMarks else { return }
        guard result.marks.count < limits.links else {
            defects.insert(.limitLinks)
            return
        }
        result.marks.append(VisibleText.Mark(offset: result.bytes.count, kind: kind))
    }

    /// An attribute's value as text, at most `limit` bytes of it.
    private func attribute(_ range: Range<Int>, limit: Int) -> String {
        String(decoding: value(range, limit: limit), as: UTF8.self)
    }

    /// A URL without the line breaks and tabs that browsers ignore (WHATWG URL section 4.4).
    private func url(_ range: Range<Int>) -> String {
        let bytes = value(range, limit: HTMLText.maximumURLBytes).filter {
            $0 != ASCII.lineFeed && $0 != ASCII.tab
        }
        return String(decoding: bytes[...].trimmingSpace(), as: UTF8.self)
    }

    /// An attribute's value with its references decoded, at most about `limit` bytes of it.
    func value(_ range: Range<Int>, limit: Int) -> [UInt8] {
        HTMLEntity.decodedAttribute(range, of: bytes, limit: limit)
    }
}
