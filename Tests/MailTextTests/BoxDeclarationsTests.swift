import Testing

@testable import MailText

@Suite struct BoxDeclarationsTests {
    /// Whether the declarations hide the text of a box, and of an inline element.
    @Test(
        "A box hides its text by its size, its indent or its position",
        arguments: [
            ("", false, false), ("height:0", false, false), ("overflow:hidden", false, false),
            ("height:0;overflow:hidden", true, false), ("height:1px;overflow:clip", true, false),
            ("height:2px;overflow:hidden", false, false),
            ("height:0;overflow:visible", false, false),
            ("max-height:0;overflow:hidden", true, false),
            ("max-width:0;overflow:hidden", true, false),
            ("max-height:0", false, false), ("width:1px", true, false), ("width:2px", false, false),
            ("width:0;width:auto", false, false), ("text-indent:-100px", true, false),
            ("text-indent:-99px", false, false), ("text-indent:9999px", false, false),
            ("left:-500px", false, false), ("position:absolute;left:-500px", true, true),
            ("position:fixed;top:-9999px", true, true),
            ("position:relative;left:-500px", false, false),
            ("position:absolute;left:-499px", false, false),
            ("position:absolute;right:-999px", false, false),
            ("position:absolute;width:0", true, true),
            ("position:absolute;left:-999px;left:0", false, false),
            ("POSITION:Absolute;LEFT:-50em", true, true),
        ])
    func hides(_ css: String, _ hidesBox: Bool, _ hidesInline: Bool) {
        let box = StyleChange(css.slice).effective.box
        #expect(box.hidesText(isBox: true) == hidesBox)
        #expect(box.hidesText(isBox: false) == hidesInline)
    }
}
