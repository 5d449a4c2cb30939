import Testing

@testable import MailText

@Suite struct StyleConditionTests {
    @Test(
        "Media queries hold, don't hold or are unknown",
        arguments: [
            ("", true), (" ", true), ("screen", true), ("ALL", true), ("print, screen", true),
            ("print", false), ("screen and (min-width:1px)", true), ("only screen", true),
            ("tv", false), ("not print", true), ("not screen", false),
            ("(max-width:600px)", false), ("(min-width:600px)", true), ("(width>=40em)", true),
            ("(400px<=width)", true), ("(prefers-color-scheme:dark)", false),
            ("screen and (max-width:600px)", false), ("(nosuch:1)", nil), ("not (nosuch)", nil),
            ("(nosuch:1), screen", true), ("not (max-width:600px)", true),
            ("(min-width:1px) and (max-width:9px)", false),
            ("(min-width:1px) or (max-width:9px)", true), ("screen/**/", true),
        ] as [(String, Bool?)])
    func media(_ media: String, _ holds: Bool?) {
        #expect(StyleCondition.media(media.slice) == holds)
    }

    @Test(
        "Supported declarations are known",
        arguments: [
            ("(display:grid)", true), ("(display:nosuch)", false), ("not (display:nosuch)", true),
            ("(nosuch:1)", nil), ("(display:grid) and (color:red)", true),
            ("((display:grid))", true), ("(display:nosuch) or (--x:1)", true), ("", nil),
        ] as [(String, Bool?)])
    func supports(_ text: String, _ holds: Bool?) {
        #expect(StyleCondition.supports(text.slice) == holds)
    }
}
