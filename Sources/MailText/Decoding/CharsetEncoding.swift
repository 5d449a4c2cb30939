import ASCIIText

/// An encoding of text, found by one of its labels, and how it is told from others.
enum CharsetEncoding: Equatable {
    case utf8
    case ascii
    case windows1252
    /// ISO-8859-16, which ICU lacks.
    case latin10
    /// The bytes from 80 on are private-use characters.
    case userDefined
    case big5
    /// One byte for each character.
    case singleByte(converter: String)
    /// ASCII, and other characters by two or more bytes of which the first is not ASCII.
    case multiByte(converter: String)
    /// ASCII bytes stand for other characters behind a mark such as an escape sequence.
    case shifting(converter: String)
    /// Code units of two bytes; without a converter their order is to be found out.
    case utf16(converter: String?)
    /// Code units of four bytes.
    case utf32(converter: String)

    /// The encoding with a label, in the spellings of the WHATWG and in others of mail programs.
    ///
    /// A label that is not listed is taken for a name that ICU knows.
    init(label: String) {
        let key = CharsetEncoding.key(label)
        self = CharsetEncoding.listed(key) ?? CharsetEncoding.unlisted(key, name: label)
    }

    /// True when browsers know a label, or when it is another spelling of one that they know.
    static func isListed(_ label: String) -> Bool { listed(key(label)) != nil }

    /// False for ASCII, and for the labels by which mail programs say that they don't know the
    /// charset; nil for a label that is not listed.
    static func isDeclared(by label: String) -> Bool? {
        let key = key(label)
        return listed(key).map {
            $0 != .ascii && !["default", "xunknown", "unknown8bit"].contains(key)
        }
    }

    /// True for encodings in which ASCII bytes may stand for other characters.
    var isShifting: Bool {
        switch self {
        case .shifting, .utf16, .utf32: true
        default: false
        }
    }

    /// A longer label is none; the registry of IANA allows 40 bytes.
    private static let longestLabel = 40

    /// The letters and digits of a label in lower case; empty when there is anything else in it
    /// than the marks that labels differ in.
    private static func key(_ label: String) -> String {
        guard label.utf8.count <= longestLabel,
            label.utf8.allSatisfy({ ASCII.isLetterOrDigit($0) || "-_.:+ ".utf8.contains($0) })
        else { return "" }
        return String(
            decoding: label.utf8.lazy.filter(ASCII.isLetterOrDigit).map(ASCII.lower),
            as: UTF8.self)
    }

    private static func listed(_ key: String) -> CharsetEncoding? {
        if let encoding = labels[key] { return encoding }
        // `8859_1` of Java, `win-1251`.
        if key.hasPrefix("8859") { return labels["iso" + key] }
        if key.hasPrefix("win125") { return labels["windows" + key.dropFirst("win".count)] }
        return nil
    }

    private static func unlisted(_ key: String, name: String) -> CharsetEncoding {
        if key.hasPrefix("utf32") || key.hasPrefix("ucs4") || key.hasPrefix("iso10646ucs4") {
            return .utf32(converter: name)
        }
        if key.hasPrefix("iso2022") || key.hasPrefix("csiso2022") || key.hasPrefix("hz")
            || key.hasSuffix("utf7")
        {
            return .shifting(converter: name)
        }
        return .singleByte(converter: name)
    }

    private static let labels: [String: CharsetEncoding] = {
        var result: [String: CharsetEncoding] = [:]
        for (name, labels) in CharsetLabelTable.entries {
            guard let encoding = named(name) else { continue }
            for label in labels.split(separator: " ") { result[String(label)] = encoding }
        }
        for (name, labels) in mailLabels {
            guard let encoding = named(name) else { continue }
            for label in labels.split(separator: " ") { result[String(label)] = encoding }
        }
        return result
    }()

    /// Labels that mail programs write and the WHATWG does not list.
    ///
    /// Others are listed there under an encoding that mail must tell apart: bytes declared as ASCII
    /// may be UTF-8, HZ and the like are read, and UTF-16 may have either order.
    private static let mailLabels: [(encoding: String, labels: String)] = [
        ("utf-8", "xutf8 utf8mb4 cp65001 windows65001"),
        (
            "us-ascii",
            "ascii usascii ansix341968 ansix341986 iso646us csascii isoir6 us 646 cp20127"
        ),
        ("windows-1252", "xansi ansi default xunknown unknown8bit"),
        ("iso-8859-13", "latin7 l7 isoir179"), ("iso-8859-14", "latin8 l8 isoir199"),
        ("iso-8859-16", "latin10 l10 isoir226 csiso885916"),
        ("gbk", "cp936 ms936 windows936 euccn xeuccn"),
        ("big5", "cp950 ms950 windows950 big5eten xbig5"),
        ("shift_jis", "cp932 windows932 mscp932 xmscp932"), ("euc-jp", "ujis eucjpms cp51932"),
        ("euc-kr", "cp949 ms949 uhc"),
        ("iso-2022-jp", "jis iso2022jpms cp50220 cp50221 cp50222"),
        ("iso-2022-kr", "iso2022kr csiso2022kr"), ("iso-2022-cn", "iso2022cn iso2022cnext"),
        ("hz", "hzgb2312 hz"), ("utf-16", "utf16 ucs2 iso10646ucs2 unicode csunicode"),
    ]

    /// The encoding with a name of the WHATWG.
    private static func named(_ name: String) -> CharsetEncoding? {
        switch name {
        case "utf-8": .utf8
        case "us-ascii": .ascii
        case "windows-1252": .windows1252
        case "iso-8859-16": .latin10
        case "x-user-defined": .userDefined
        case "big5": .big5
        case "shift_jis": .multiByte(converter: "windows-31j")
        case "euc-kr": .multiByte(converter: "windows-949")
        case "gbk", "gb18030": .multiByte(converter: "gb18030")
        case "euc-jp": .multiByte(converter: name)
        case "iso-2022-jp", "iso-2022-kr", "iso-2022-cn", "hz": .shifting(converter: name)
        case "utf-16le", "utf-16be": .utf16(converter: name)
        case "utf-16": .utf16(converter: nil)
        case "replacement": nil
        // The order of the letters is the same; only the direction of lines differs.
        case "iso-8859-8-i": .singleByte(converter: "iso-8859-8")
        default: .singleByte(converter: name)
        }
    }
}
