/// Shapes of HTML that make the tree builder or the style cascade work.
enum HTMLShapes {
    static func flood(_ unit: String, bytes: Int = 1_000_000) -> String {
        String(repeating: unit, count: bytes / unit.utf8.count + 1)
    }

    static func many(_ count: Int, _ unit: (Int) -> String) -> String {
        (0..<count).map(unit).joined()
    }

    private static func sheet(_ rules: String) -> String { "<style>" + rules + "</style>" }

    /// Formatting elements that go on in each block, and end tags that make them change places.
    static let formatting: [(String, String)] = [
        ("three formatting elements", many(24_000) { _ in "<p><b><i><u>x</p>" }),
        ("seven formatting elements", flood("<b><i><u><s><tt><em>x<p>")),
        ("64 fonts", "<p>" + many(64) { "<font size=\($0)>" } + flood("<p>x</p>")),
        (
            "64 styled fonts",
            "<p>" + many(64) { "<font style=\"left:\($0)px;position:relative\">" }
                + flood("<p>x</p>")
        ),
        ("adoption agency", flood("<b><p></b>")),
        ("adoption, four at a time", flood("<a><b><i><u><div></a></b></i></u>")),
        ("adoption in links", flood("<a><p><a><div>")),
        ("adoption, eight times", flood("<b><b><b><b><b><b><b><b><p></b>")),
        ("adoption when hidden", flood("<b style=display:none><p>x</b>")),
        ("links in links", flood("<a>x")),
        ("foster parents", flood("<table><b><tr><i>x</table>")),
        ("foster parents in cells", flood("<table><tr><b>x<td><i>y")),
        ("foster parents in rows", "<table>" + flood("<b>x<tr>")),
    ]

    /// Elements without or with little style.
    static let elements: [(String, String)] = [
        ("line breaks", flood("<br>")), ("headings", flood("<h1><h2>x")),
        ("lists", flood("<ul><li>x")), ("terms", flood("<dd><dt>x")),
        ("nested tables", flood("<table><tr><td>x")),
        ("tables in templates", flood("<template><table><tr><td>x")),
        ("drawings", flood("<svg><g><text>x")), ("unknown elements", many(100_000) { "<x\($0)>" }),
        ("many attributes", flood("<p " + many(200) { "a\($0)=b " } + ">x")),
        ("known attributes", flood("<p id=a class=b align=left dir=ltr width=1 height=2>x")),
        ("long style", flood("<p style=\"" + many(400) { "left:\($0)px;" } + "\">x")),
        (
            "distinct styles",
            many(20_000) { "<p style=\"left:\($0)px;color:#\(100_000 + $0)\">x" }
        ),
        (
            "custom properties",
            flood("<p style=\"--a:b;" + many(60) { "left:var(--a,var(--b,\($0)px));" } + "\">x")
        ),
    ]

    /// Style sheets with many rules that must be compared with many elements.
    static let sheets: [(String, String)] = [
        (
            "tests of attributes",
            sheet(many(900) { "[class*=y\($0)]{color:red}" }) + many(20_000) { _ in "<p class=x>x" }
        ),
        (
            "tests of distinct classes",
            sheet(many(900) { "[class*=y\($0)]{color:red}" })
                + many(20_000) { "<p class=x\($0)>x" }
        ),
        ("rules for all", sheet(many(900) { "*{left:\($0)px}" }) + flood("<p>x")),
        (
            "negations",
            sheet(many(900) { "*:not(.a\($0)):not(#b):not([id=c]){left:\($0)px}" })
                + flood("<p>x")
        ),
        (
            "classes of an element",
            sheet(many(900) { ".c\($0){color:red}" })
                + flood("<p class=\"" + many(64) { "c\($0) " } + "\">x</p>")
        ),
        (
            "distinct classes",
            sheet(many(20_000) { ".k\($0){color:red}" }) + many(30_000) { "<p class=k\($0)>x" }
        ),
        (
            "inherited properties",
            sheet(many(60) { "*{--a\($0):1px}" } + ".a{left:var(--a1)}")
                + flood("<p class=a>x")
        ),
    ]

    static var all: [(String, String)] { formatting + elements + sheets }
}
