import Languages
import Testing

@Suite struct TextLanguageTests {
    @Test(
        "The language of a text is found",
        arguments: [
            ("en", "Please find the minutes of our meeting attached; the next one is on Thursday."),
            ("de", "Anbei das Protokoll unserer Sitzung; die nächste findet am Donnerstag statt."),
            ("fr", "Vous trouverez ci-joint le compte rendu de notre réunion de jeudi dernier."),
            ("fi", "Liitteenä on kokouksemme pöytäkirja, seuraava kokous pidetään torstaina."),
            ("ja", "会議の議事録を添付しました。次回は木曜日に開催しますのでご参加ください。"),
            ("zh", "附件是我们会议的记录，下一次会议将在星期四举行，请大家准时参加。"),
            ("ru", "Во вложении протокол нашего собрания, следующее состоится в четверг."),
        ])
    func languages(_ code: String, _ text: String) {
        #expect(TextLanguage.main(of: text.utf8) == code)
    }

    @Test(
        "A text that is too short, no language or half of each is of no certain language",
        arguments: [
            "", "ok", "12.50 34.90 17:30", "%&/()=", String(repeating: "qx zk vvb ", count: 20),
        ])
    func uncertain(_ text: String) { #expect(TextLanguage.main(of: text.utf8) == nil) }

    @Test("A text in two languages has both, with their shares")
    func mixed() {
        let english = "Please find the minutes of our meeting attached, the next is on Thursday. "
        let german = "Anbei das Protokoll unserer Sitzung, die nächste ist am Donnerstag um neun. "
        let text = String(repeating: english, count: 8) + String(repeating: german, count: 8)
        let languages = TextLanguage.all(of: text.utf8)
        #expect(languages.map(\.code).sorted() == ["de", "en"])
        #expect(languages.allSatisfy { (0.4...0.6).contains($0.share) })
    }

    @Test("Broken UTF-8 ends what is looked at, and a cut character breaks nothing")
    func broken() {
        let text = Array("Anbei das Protokoll unserer Sitzung vom Donnerstag, wie besprochen.".utf8)
        #expect(TextLanguage.main(of: text + [0xFF, 0xC3] + Array("ж".utf8)) == "de")
        #expect(TextLanguage.main(of: text + [0xE4, 0xBC]) == "de")
        #expect(TextLanguage.main(of: [UInt8](repeating: 0x80, count: 9_000)) == nil)
    }
}
