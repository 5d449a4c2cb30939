import Testing
import TextFeatures

/// What explanations and the header field say of each token.
@Suite struct ModelTokenWordsTests {
    private static let table: KeyValuePairs = [
        "<pad>": "padding", "<unk>": "unknown word", "<subj>": "Subject", "<body>": "text",
        "<mixed>": "look-alike letters", "<leet>": "digits or signs as letters",
        "<caps>": "CAPITALS", "<long>": "very long word",
        "<url>": "web address", "<email>": "e-mail address", "<a>": "link", "<img>": "image",
        "<img1>": "tracking pixel", "<altdiff>": "plain text says something else",
        "<mailto>": "e-mail link", "<tel>": "telephone link",

        "<hid1>": "under 10 hidden words", "<hid2>": "10 to 59 hidden words",
        "<hid3>": "60 or more hidden words", "<zw1>": "under 5 hidden characters in words",
        "<zw2>": "5 or more hidden characters in words",
        "<mixed1>": "under 5 words in look-alike letters",
        "<mixed2>": "5 or more words in look-alike letters",
        "<spaced1>": "under 5 words in s p a c e d letters",
        "<spaced2>": "5 or more words in s p a c e d letters",

        "<d1>": "number of 1 digit", "<d2>": "number of 2 digits", "<d3>": "number of 3 digits",
        "<d4>": "number of 4 digits", "<d5-6>": "number of 5 or 6 digits",
        "<d7+>": "number of 7 or more digits",

        "<url:data>": "link with its content inside", "<url:at>": "link with a user name",
        "<url:port>": "link to an unusual port", "<url:q>": "link with a query",
        "<url:long>": "link with a long path", "<url:ip>": "link to an IP address",
        "<url:idn>": "link with an international host name",
        "<url:deep>": "link to a deep subdomain", "<ux:php>": "link to a .php file",
        "tld:com": "link under .com", "u:shop": "link host shop",

        "s:alt": "HTML and plain-text versions", "s:html-only": "no plain-text version",
        "s:b64": "text encoded in base64", "s:calendar": "calendar invitation",
        "s:report": "delivery report", "s:att-doc": "attached document",
        "s:att-exe": "attached program", "s:att-zip": "attached ZIP, RAR or 7z archive",
        "s:att-gz": "attached tar or compressed file", "s:att-html": "attached web page",
        "s:att-ics": "attached calendar entry", "s:att-eml": "attached message",
        "s:att-sig": "digital signature", "s:att-src": "attached source code",
        "s:att-txt": "attached text file", "s:att-img": "attached image",
        "s:att-oth": "attachment of another type",

        "h:from-bad": "no address in From", "h:from-free": "From at a free mail provider",
        "h:reply-diff": "Reply-To at another domain",
        "h:reply-free": "Reply-To at a free mail provider",
        "h:disp-addr": "an address as the sender's name", "h:no-disp": "no sender name",
        "h:env-diff": "envelope sender at another domain",
        "h:mid-same": "Message-ID of the sender's domain", "h:no-subj": "no Subject",
        "h:no-to": "no recipient in To or Cc", "h:undisc": "undisclosed recipients",
        "h:prio": "marked as urgent",

        "n:font:1": "1 font change", "n:font:2": "2 to 5 font changes",
        "n:b:3": "6 to 20 bold passages", "n:center:4": "21 to 80 centred blocks",
        "n:table:5": "over 80 tables", "n:img:1": "1 image", "n:a:2": "2 to 5 links",
        "n:br:5": "over 80 forced line breaks", "n:style:1": "1 style sheet",
        "n:span:4": "21 to 80 styled passages", "n:div:5": "over 80 layout blocks",
        "n:form:1": "1 form", "n:script:2": "2 to 5 scripts",
        "n:misleading-link:1": "1 link that names another site",
        "n:misleading-link:2": "2 to 5 links that name another site",
        "n:misleading-link:3": "6 to 20 links that name another site",
        "n:misleading-link:4": "21 to 80 links that name another site",
        "n:misleading-link:5": "over 80 links that name another site",
        "h:tld-shop": "sender under .shop", "h:name-org": "sender's name fits the domain",
        "h:name-user": "sender's name fits the mailbox",
        "h:name-other": "sender's name unlike the address",
        "h:brand-other": "name of a brand at another's domain",
        "h:dom-cheap": "sender under a cheap top-level domain",
        "h:dom-tenant": "sender without a domain of its own",
        "h:odd-letters": "letters in disguise",
        "h:name-sign": "picture sign in the sender's name",
        "h:subj-to": "Subject begins with your address",
        "h:links-cheap": "links to throw-away sites",
        "h:user-digits": "digits in the sender's mailbox",
        "h:dom-digits": "digits in the sender's domain",
        "h:org-named": "text names the sender's domain",
        "h:org-shown": "sender's domain in addresses alone",
        "h:org-absent": "sender's domain not in the text",
        "h:user-role": "sender's mailbox is a service's",
        "h:dom-role": "sender's domain is a service's",
        "h:signed": "text has the sender's name",
        "h:unsigned": "sender's name not in the text",
        "h:year-now": "text has the year of Date",
        "h:year-other": "text has other years than Date",
        "h:links-own": "link to the sender's site",
        "h:links-other": "links to other sites alone",
        "n:ratio:0": "less layout than text", "n:ratio:1": "little layout for its text",
        "n:ratio:2": "some layout for its text", "n:ratio:3": "much layout for its text",
        "n:ratio:4": "very much layout for its text", "n:ratio:5": "mostly layout, little text",
        "n:ratio:6": "nearly all layout, hardly any text",

        "<area>": "link in an image map", "<button>": "button", "<embed>": "embedded object",
        "<form>": "form", "<iframe>": "embedded page", "<input>": "input field",
        "<map>": "image map", "<object>": "embedded object", "<select>": "selection list",
        "<textarea>": "text field",

        "<o:w:s:0>": "unknown 1-4 letter word, no vowels",
        "<o:w:m:1>": "unknown 5-8 letter word, few vowels",
        "<o:w:l:2>": "unknown 9-14 letter word, some vowels",
        "<o:w:xl:3>": "unknown 15+ letter word, many vowels",
        "<o:d:m>": "unknown 5-8 letter word with digits",
        "<o:x:l>": "unknown 9-14 letter non-ASCII word",
    ]

    @Test("Each token in words", arguments: table.map { ($0.key, $0.value) })
    func words(_ token: String, _ expected: String) {
        #expect(ModelToken.words(for: token) == expected)
    }

    @Test(
        "A value of another version falls back to a sensible text",
        arguments: [
            ("s:new", "s:new"), ("s:att-new", "attachment (new)"), ("h:new", "h:new"),
            ("n:blink:2", "2 to 5 blink elements"), ("n:blink:1", "1 blink element"),
            ("n:img:9", "n:img:9"), ("n:img", "n:img"), ("n:ratio:9", "n:ratio:9"),
            ("n:misleading-link:0", "n:misleading-link:0"), ("<url:new>", "<url:new>"),
            ("<video>", "HTML element video"), ("<o:z:s>", "HTML element o:z:s"),
        ])
    func fallback(_ token: String, _ expected: String) {
        #expect(ModelToken.words(for: token) == expected)
    }

    @Test("Words of a text have no others", arguments: ["word", "!!!", "<<<", "привет", ""])
    func text(_ token: String) { #expect(ModelToken.words(for: token) == nil) }

    /// All tokens that siftd can make but those of host names.
    private static let all: [String] =
        ModelToken.allCases.flatMap(\.spellings)
        + ModelToken.Structure.allCases.map(\.token) + ModelToken.Attachment.allCases.map(\.token)
        + ModelToken.Header.allCases.map(\.token) + ModelToken.URLTrait.allCases.map(\.token)
        + (0...6).map(ModelToken.markupRatio)
        + [1, 2, 6, 21, 81].compactMap(ModelToken.misleadingLinks)
        + [
            "font", "b", "center", "table", "img", "a", "br", "style", "span", "div", "form",
            "script",
        ]
        .flatMap { name in [1, 2, 6, 21, 81].compactMap { ModelToken.tagCount(name, $0) } }

    @Test("Every value has words that fit into the header field whole", arguments: all)
    func fits(_ token: String) throws {
        let words = try #require(ModelToken.words(for: token))
        #expect(words != token && !words.contains("<") && !words.contains(":"))
        // The field cuts at 40 characters, two of which are brackets.
        #expect(words.count <= 38 && words.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
    }

    @Test("Every family and every value is in the table")
    func complete() {
        let families = Set(ModelTokenWordsTests.table.compactMap { ModelToken($0.key) })
        #expect(families == Set(ModelToken.allCases))
        let tokens = Set(ModelTokenWordsTests.table.map(\.key))
        let values =
            ModelToken.Structure.allCases.map(\.token) + ModelToken.Header.allCases.map(\.token)
            + ModelToken.Attachment.allCases.map(\.token)
            + ModelToken.URLTrait.allCases.map(\.token)
            + ModelToken.Digits.allCases.map(\.token) + (0...6).map(ModelToken.markupRatio)
        #expect(tokens.isSuperset(of: values))
    }
}
