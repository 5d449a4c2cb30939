/// Looks up the colour names of CSS.
enum CSSColorNames {
    private static let colors: [[UInt8]: RGB] = {
        var table: [[UInt8]: RGB] = [:]
        for entry in CSSColorTable.text.split(whereSeparator: \.isWhitespace) {
            let pair = entry.split(separator: "=")
            guard pair.count == 2 else { continue }
            table[Array(pair[0].utf8)] = Int(pair[1], radix: 16).map(RGB.init(packed:))
        }
        return table
    }()

    /// The colour of a name in lower case; nil for words that name none.
    static func color(_ name: [UInt8]) -> RGB? { colors[name] }

    /// The colours that the system gives a page in light mode (CSS Color Module Level 4, section
    /// 6.2, and the old names of appendix A), as Chromium has them.
    private static let systemColors: [[UInt8]: RGB] = {
        let text = """
            canvas=ffffff canvastext=000000 linktext=0000ee visitedtext=551a8b activetext=ff0000
            buttonface=efefef buttontext=000000 buttonborder=000000 field=ffffff fieldtext=000000
            highlight=3367d1 highlighttext=ffffff mark=ffff00 marktext=000000 graytext=808080
            window=ffffff windowtext=000000 windowframe=000000 background=ffffff menu=ffffff
            menutext=000000 infobackground=ffffff infotext=000000 captiontext=000000
            activecaption=ffffff inactivecaption=ffffff inactivecaptiontext=808080
            appworkspace=ffffff scrollbar=ffffff threedface=efefef threedhighlight=000000
            threedshadow=000000 threeddarkshadow=000000 threedlightshadow=000000
            buttonhighlight=efefef buttonshadow=efefef activeborder=000000 inactiveborder=000000
            selecteditem=1967d2 selecteditemtext=ffffff accentcolor=1967d2 accentcolortext=ffffff
            """
        var table: [[UInt8]: RGB] = [:]
        for entry in text.split(whereSeparator: \.isWhitespace) {
            let pair = entry.split(separator: "=")
            guard pair.count == 2 else { continue }
            table[Array(pair[0].utf8)] = Int(pair[1], radix: 16).map(RGB.init(packed:))
        }
        return table
    }()

    /// The system colour of a name in lower case; nil for words that name none.
    static func systemColor(_ name: [UInt8]) -> RGB? { systemColors[name] }
}
