import Testing

@testable import MailText

@Suite struct CharsetEncodingTests {
    @Test("The table has the labels of the WHATWG, but for spellings of one label")
    func count() {
        let labels = CharsetLabelTable.entries.flatMap { $0.labels.split(separator: " ") }
        #expect(labels.count == 184)
        #expect(Set(labels).count == labels.count)
        #expect(Set(CharsetLabelTable.entries.map(\.encoding)).count == 40)
    }

    @Test("Text is read in the encoding of each label", arguments: CharsetLabelTable.entries)
    func labels(_ entry: (encoding: String, labels: String)) {
        // What nobody can read.
        guard entry.encoding != "replacement" else { return }
        for label in entry.labels.split(separator: " ").map(String.init) {
            #expect(CharsetEncoding.isListed(label), "\(label)")
            #expect(Charset.isKnown(label), "\(label)")
            guard !["utf-8", "windows-1252", "utf-16le"].contains(entry.encoding) else { continue }
            #expect(
                CharsetEncoding(label: label) == CharsetEncoding(label: entry.encoding), "\(label)")
        }
    }

    @Test(
        "Labels differ in case and marks, and mail programs have more of them",
        arguments: [
            ("UTF8", "utf-8"), ("8859_1", "windows-1252"), ("latin-1", "windows-1252"),
            ("ISO_8859-1:1987", "windows-1252"), ("8859-15", "iso-8859-15"),
            ("win-1251", "windows-1251"), ("chinese", "gb18030"), ("csISO58GB231280", "gb2312"),
            ("iso-ir-58", "gbk"), ("koi", "koi8-r"), ("koi8-ru", "koi8-u"),
            ("visual", "iso-8859-8"),
            ("logical", "iso-8859-8-i"), ("latin10", "iso-8859-16"), ("cp932", "shift_jis"),
            ("cp949", "ks_c_5601-1987"), ("cp950", "big5-hkscs"), ("csunicode", "utf-16"),
            ("unicodefeff", "utf-16le"), ("unicodefffe", "utf-16be"), ("cp20127", "us-ascii"),
        ])
    func spellings(_ label: String, _ same: String) {
        #expect(CharsetEncoding(label: label) == CharsetEncoding(label: same))
        #expect(CharsetEncoding.isListed(label))
    }

    @Test("What browsers do not know is a name for ICU", arguments: ["cp850", "ibm037", "utf-7"])
    func unlisted(_ label: String) {
        #expect(!CharsetEncoding.isListed(label))
        #expect(Charset.isKnown(label))
    }

    @Test("A label that nobody knows is unknown", arguments: ["", "none-such", "replacement", "é"])
    func unknown(_ label: String) { #expect(!Charset.isKnown(label)) }
}
