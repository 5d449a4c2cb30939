import MailText
import Testing

@Suite struct HTMLTests {
    private func body(_ html: String) -> VisibleText {
        MailContent(message: Array("Content-Type: text/html; charset=utf-8\n\n\(html)".utf8)).body
    }

    @Test(
        "Visible text is what a browser shows",
        arguments: [
            ("one<b>two</b>three", "onetwothree"),
            ("V<!-- x -->ia<b></b>gra", "Viagra"),
            ("a<p>b</p>c<br>d<div>e</div>", "a\nb\nc\nd\ne"),
            ("<table><td>a</td><td>b</td></table>", "a b"), ("<td>a</td><td>b</td>", "ab"),
            ("  a \n\t b  ", "a b"),
            ("<pre>a\nb</pre>", "a\nb"),
            (
                "&lt;x&gt; &amp;amp; &eacute;&#233;&#xE9;&copy2 &nosuch; &#128;",
                "<x> &amp; ééé©2 &nosuch; €"
            ),
            ("1 < 2 and <3", "1 < 2 and <3"),
            ("<title>t</title><style>p{}</style><script>var a='<b>x</b>'</script>z", "z"),
            ("<head><title>x</title><body>y", "y"),
            ("<img src=x alt='a picture'>", "a picture"),
            ("<a href=x title='>'>link</a>", "link"),
            ("<!-->seen<!--hidden-->", "seen"),
            ("<![if mso]>x<![endif]><?php y ?>z", "xz"),
            ("<input type=submit value='Send it'>", "Send it"),
            ("<input value='Buy now' readonly>", "Buy now"),
            ("<input type=hidden value=x><input type=checkbox value=y>z", "z"),
            ("<input placeholder='A b'><INPUT TYPE=email value='' placeholder=c>z", "A b c z"),
            ("<input type=password placeholder=pass>", "pass"),
            ("<input placeholder=x value=y><input type=date placeholder=x>", "y"),
            ("<input placeholder=x hidden><input type=hidden placeholder=x>z", "z"),
            ("<textarea placeholder='Your\nwords'></textarea>z", "Your words z"),
            ("<textarea placeholder=x>y</textarea>z", "yz"),
            ("<input type=Image src=x value=v alt='Go on'>", "Go on"),
            (
                "<select><optgroup label=Fruit><option label=Apple>a<option>b</select>",
                "Fruit\nApple a\nb"
            ),
            ("<select hidden><option label=Apple></select>z", "z"),
            ("a<o:p></o:p>b", "ab"),
        ])
    func visible(_ html: String, _ text: String) { #expect(body(html).text == text) }

    @Test(
        "Attributes are shown up to 4,000 bytes",
        arguments: ["<input type=button value='", "<img alt='", "<input placeholder='"])
    func longAttribute(_ tag: String) {
        let words = String(repeating: "word ", count: 2_000)
        #expect(body("\(tag)\(words)'>").text == String(words.prefix(4_000).dropLast()))
    }

    @Test(
        "Text that can't be seen is left out and counted",
        arguments: [
            "<div style='display:none'>one two</div>",
            "<div style='DISPLAY : NONE !important'>one two</div>",
            "<span style='visibility:hidden'>one two</span>",
            "<span style='font-size:0'>one two</span>",
            "<span style='font-size:1px'>one two</span>",
            "<span style='opacity:0'>one two</span>",
            "<font color=white>one two</font>",
            "<font color='#fefefe'>one two</font>",
            "<span style='color:rgb(250,250,250)'>one two</span>",
            "<table bgcolor=black><tr><td style='color:#010101'>one two</table>",
            "<div style='max-height:0;overflow:hidden'>one two</div>",
            "<div style='height:0;overflow:hidden'>one two</div>",
            "<div style='text-indent:-9999px'>one two</div>",
            "<div style='position:absolute;left:-9999px'>one two</div>",
            "<div hidden>one two</div>",
            "<style>.x { display: none }</style><p class='y x'>one two</p>",
            "<style>#x, b { color: #fff }</style><b>one</b> <i id=x>two</i>",
            "<style>.z{overflow:hidden}</style><div class=z style='height:0'>one two</div>",
            "<style>.z{left:-999px}</style><div class=z style='position:fixed'>one two</div>",
            "<div style='display:none'><p>one<p style='display:block'>two</div>",
            "<dialog>one two</dialog>", "<details><p>one two</details>",
            "<div hidden=until-found style='display:block'>one two</div>",
            "<style>.w .x{display:none}</style><div class=w><b><i class=x>one two</i></b></div>",
            "<style>.w>.x{display:none}</style><div class=w><i class=x>one two</i></div>",
            "<style>.w{.x{display:none}}</style><div class=w><i class=x>one two</i></div>",
            "<style media=screen type=text/CSS>.x{display:none}</style><p class=x>one two</p>",
        ])
    func hidden(_ html: String) {
        let text = body("seen \(html) seen")
        #expect(!text.text.contains("one") && !text.text.contains("two"))
        #expect(text.hiddenWords == 2)
    }

    @Test(
        "Text that can be seen stays",
        arguments: [
            "<td style='font-size:0'><span style='font-size:14px'>one</span></td>",
            "<body bgcolor=black text=white>one</body>",
            "<div style='background:#333'><span style='color:#fff'>one</span></div>",
            "<div style='background:url(x.png)'><font color=white>one</font></div>",
            "<style>@media (max-width:600px) { .x { display:none } }</style><p class=x>one",
            "<p style='display:none'>two<p>one",
            "<div style='visibility:hidden'><b style='visibility:visible'>one</b></div>",
            "<div style='height:0'>one</div>",
            "<font color=white><a href=x>one</a></font>",
            "<fieldset style='height:0;overflow:hidden'>one</fieldset>",
            "<dialog open>one</dialog>", "<dialog style='display:block'>one</dialog>",
            "<details><summary>one</summary></details>", "<details open>one</details>",
            "<div hidden style='display:block'>one</div>",
            "<style>.w>.x{display:none}</style><div class=w><b><i class=x>one</i></b></div>",
            "<style>.w .x{display:none}</style><div class=w></div><i class=x>one</i>",
            "<style media=print>.x{display:none}</style><p class=x>one",
            "<style type=text/plain>.x{display:none}</style><p class=x>one",
            "<div style='color:#fff'><table><tr><td>one</table></div>",
            "<body style='height:0;overflow:hidden'>one",
            "<p style='text-indent:-9999px'><b>two<br>one</b></p>",
            "<div style='text-indent:-9999px'>two<p style='text-indent:0'>two</p>one</div>",
        ])
    func shown(_ html: String) { #expect(body(html).text.contains("one")) }

    @Test("Beyond the depth limit hidden text stays hidden")
    func deepHidden() {
        let deep = String(repeating: "<i>", count: 600)
        let text = body("seen " + deep + "<p style='display:none'>one two</p>here")
        #expect(text.text == "seen here" && text.hiddenWords == 2)
    }

    @Test("The limits on text and links hold over all parts")
    func totals() {
        var limits = MailLimits()
        limits.textBytes = 100
        limits.links = 3
        let umlauts = String(repeating: "é", count: 70)
        let part = "--b\nContent-Type: text/html\n\n<a href=x>é</a>\(umlauts)\n"
        let message =
            "Content-Type: multipart/mixed; boundary=b\n\n" + String(repeating: part, count: 9)
        let content = MailContent(message: Array(message.utf8), limits: limits)
        #expect(content.body.bytes.count <= 110 && content.body.marks.count == 3)
        #expect(content.defects.contains(.limitText) && content.defects.contains(.limitLinks))
        #expect(String(validating: content.body.bytes, as: UTF8.self) != nil)
    }

    @Test(
        "Hidden words before all visible text are the preheader, unless there is nothing else",
        arguments: [
            ("<p hidden>one two</p>a b c d e", "one two", "a b c d e", 0),
            ("a b c d e<p hidden>one two</p>", "", "a b c d e", 2),
            ("<p hidden>one two</p>a b c d", "", "a b c d\none two", 0),
            ("<p hidden>one</p>a b c d e<p hidden>two</p>", "one", "a b c d e", 1),
            // Filler of invisible characters is no word.
            ("<p hidden>one &zwnj;&nbsp;&#847; --- two</p>a b c d e", "one two", "a b c d e", 0),
        ])
    func preheader(_ html: String, _ preheader: String, _ text: String, _ hidden: Int) {
        let body = body(html)
        #expect(body.preheader.string == preheader)
        #expect(body.text == text)
        #expect(body.hiddenWords == hidden)
    }

    @Test("A preheader is about as long as lists of messages show, the rest is hidden text")
    func longPreheader() {
        let words = (0..<100).map { "word\($0)" }
        let body = body("<p hidden>\(words.joined(separator: " "))</p>a b c d e")
        #expect((200...250).contains(body.preheader.count))
        #expect(body.hiddenWords == 100 - body.preheader.split(separator: UInt8(ascii: " ")).count)
    }

    @Test("Links whose text is the host of another organisation are counted")
    func misleadingLinks() {
        let body = body(
            "<a href=http://evil.example/>www.bank.com</a> <a href=http://bank.com>bank.com</a>"
                + "<a href=http://evil.example/>http://bank.example")
        #expect(body.misleadingLinks == 2)
    }

    @Test("Links, images and forms are marked at their offsets")
    func marks() {
        let text = body(
            "go <a href='http://a.example/?x=1&amp;y=2'>here</a><img width=1 src=p><form>")
        #expect(
            text.marks.map(\.kind) == [
                .link("http://a.example/?x=1&y=2"), .image(isPixel: true), .element("form"),
            ])
    }

    @Test(
        "Hostile HTML is read to the end, in linear time", .timeLimit(.minutes(1)),
        arguments: [
            String(repeating: "<div>", count: 100_000), String(repeating: "<", count: 500_000),
            String(repeating: "<b><td>", count: 50_000) + String(repeating: "</b>", count: 50_000),
            String(repeating: "&amp", count: 200_000),
            "<!--" + String(repeating: "-", count: 500_000),
            "<font color='rgb(1." + String(repeating: "0", count: 400) + ",1e999,"
                + String(repeating: "9", count: 400) + ")'>",
            "<a b=" + String(repeating: "'", count: 500_000),
            "<style>" + String(repeating: "{", count: 99_999),
            String(repeating: "<a href=x>", count: 100_000),
            "<style>" + String(repeating: ".x{color:red}", count: 40_000) + "</style>"
                + String(repeating: "<b class='x x x x x x x x'>", count: 40_000),
            "<style>" + String(repeating: "a{", count: 99_999),
            "<style>" + String(repeating: "[x*=y]{color:var(--x)}", count: 900) + "</style>"
                + String(repeating: "<b x=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx>", count: 20_000),
            "<style>p" + String(repeating: ":not(p", count: 90_000) + "{color:red}</style><p>",
            "<style>.x,.y,.z,.u,.v{" + String(repeating: ".y,.z{", count: 7)
                + String(repeating: "a{}", count: 90_000) + "</style><p class=x>",
            "<style>" + (0..<900).map { ".x.y\($0){color:red}" }.joined() + "</style><p class='"
                + String(repeating: "x ", count: 90_000) + "'>",
            "<b style='--x:" + String(repeating: "var(--x,", count: 60) + ";color:var(--x)'>",
            "<style>.x{" + String(repeating: "color:red;", count: 199) + "}</style>"
                + String(repeating: "<b class=x>", count: 40_000),
            "<b style='color:" + String(repeating: "calc(", count: 90_000) + "'>",
            "<b style='" + String(repeating: "--x:var(--x)var(--x);color:var(--x);", count: 9_000),
        ])
    func hostile(_ html: String) { #expect(body("seen " + html).text.hasPrefix("seen")) }
}
