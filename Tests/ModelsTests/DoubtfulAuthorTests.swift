import MailText
import Models
import Testing
import TextFeatures

@Suite struct DoubtfulAuthorTests {
    private func facts(_ from: String, subject: String = "News", text: String = "x") -> [String] {
        let message = "From: \(from)\nTo: a@b.example\nSubject: \(subject)\n\n\(text)\n"
        return Document(MailContent(message: Array(message.utf8))).facts
    }

    private func isBorrowed(_ from: String) -> Bool { facts(from).contains("h:brand-other") }

    @Test(
        "A brand's name at another's domain is borrowed",
        arguments: [
            "PayPal <service@tree-care.com>", "PayPal Security <security@paypal.com.tree-care.com>",
            "\"Amazon.co.uk\" <x@service-portal.net>", "amazon <amazon-service@gmail.com>",
            "STRATO AG <x@portal.net>", "S Sparkasse <x@portal.net>", "Com direct <x@portal.net>",
            "DHL Express Delivery <x@tree-care.com>", "The Home Depot Survey <x@tree-care.com>",
            "Sam's Club Members <x@tree-care.com>", "Your Netflix Account 24 <x@tree-care.com>",
            "P a y P a l <x@tree-care.com>", "P\u{430}yPal <x@tree-care.com>",
            "\u{410}mazon <x@tree-care.com>", "I T A \u{DA} <x@tree-care.com>",
            "\u{1D40F}\u{1D41A}\u{1D432}\u{1D40F}\u{1D41A}\u{1D425} <x@tree-care.com>",
            "Caisse d'\u{C9}pargne <x@tree-care.com>", "AT&T <x@tree-care.com>",
            "Microsoft Account Team <x@tree-care.com>", "1&1 <x@tree-care.com>",
            "Apple ID <x@tree-care.com>",
            "ING <x@online-banking.com>", "CVS Rewards <x@vshcvs.autos>",
            "Deutsche Bank <x@db-konto.com>", "“DHL® Express” <x@tree-care.com>",
            "三井住友カード株式会社 <x@tree-care.cn>", "【重要】ヤマト運輸 <x@tree-care.cn>",
            "ｱﾏｿﾞﾝ <x@tree-care.cn>", "えきねっと会員様 <x@tree-care.cn>",
            "JR東日本 <x@tree-care.cn>", "微信支付 <x@tree-care.cn>", "國泰世華銀行 <x@tree-care.cn>",
            "Служба поддержки Сбербанк <x@tree-care.ru>", "Почта России <x@tree-care.ru>",
            "ČSOB <x@tree-care.cz>", "Datová schránka <x@tree-care.cz>",
            "OP Ryhmä <x@tree-care.fi>",
            "Försäkringskassan <x@tree-care.se>", "e-Devlet Kapısı <x@tree-care.net>",
            "S-Sparkasse <x@tree-care.de>", "E-Trade <x@tree-care.com>",
            "T-Mobile <x@tree-care.de>",
            "J.P. Morgan Chase <x@tree-care.com>", "e-Boks <x@tree-care.dk>",
            "Visa Secure <x@tree-care.com>", "McDonald’s Rewards <x@tree-care.com>",
            "CTT Correios <x@tree-care.pt>", "토스 <x@tree-care.kr>", "쿠팡 고객센터 <x@tree-care.kr>",
        ])
    func borrowed(_ from: String) {
        #expect(isBorrowed(from))
    }

    @Test(
        "A brand writes from domains of its name, and from some others",
        arguments: [
            "PayPal <service@intl.paypal.com>", "Amazon <x@amazonses.com>",
            "Amazon Web Services <invoicing@aws.com>", "Deutsche Bank <x@db.com>",
            "Australia Post <noreply@notifications.auspost.com.au>", "DHL <x@deutschepost.de>",
            "Facebook <x@facebookmail.com>", "Sparkasse KölnBonn <x@sparkasse-koelnbonn.de>",
            "WEB.DE <x@web.de>", "Cash App <x@cash.app>", "SNCF <x@oui.sncf>",
            "HMRC <x@notifications.service.gov.uk>", "Walgreens <x@bazaarvoice-cgc.com>",
            "Bath & Body Works <x@e.bathandbodyworks.com>", "Microsoft Outlook <x@outlook.com>",
            "Gmail Team <team@gmail.com>", "三井住友カード <x@vpass.ne.jp>",
            "ヤマト運輸株式会社 <x@kuronekoyamato.co.jp>", "支付宝 <x@mail.alipay.com>",
            "ETC利用照会サービス <x@ml.etc-meisai.jp>", "Сбербанк <x@sberbank.ru>",
            "Osuuspankki <x@op.fi>", "Yapı Kredi <x@yapikredi.com.tr>", "PPL CZ <x@ppl.cz>",
            "S Sparkasse <x@sparkasse-koelnbonn.de>", "Volksbank <x@vb-mittelhessen.de>",
            "Currys <noreply@trustpilotmail.com>", "OpenAI, LLC <invoice@stripe.com>",
            "USCIS <x@uscis.dhs.gov>", "Госуслуги Москвы <x@mos.ru>",
            "Philips Hue <x@meethue.com>",
            "KB국민은행 <x@kbstar.com>", "정부24 <x@korea.go.kr>", "e-Boks <x@e-boks.dk>",
        ])
    func own(_ from: String) {
        #expect(!isBorrowed(from))
    }

    @Test(
        "A name is not a brand's because a word of it is",
        arguments: [
            "Ann Miller <ann@tree-care.com>", "Berliner Sparkasse Chor <x@choir.example>",
            "Volksbank Mittelhessen <x@vb-mittelhessen.de>", "Ups and Downs <x@blog.example>",
            "Apple Valley Dental <x@avdental.com>", "Wise Words <x@words.example>",
            "Ann via PayPal Developers <x@lists.example>", "Google Group Berlin Nord <x@gbn.org>",
            "Ann (Netflix) <ann@tree-care.com>", "Elster, Martin <me@tree-care.com>",
            "\u{417}\u{430}\u{43A}\u{430}\u{437} <x@shop.ru>", "<paypal@tree-care.com>",
            "Customer Service <x@tree-care.com>", "楽天市場店 茶屋 <x@chaya.jp>",
            "田中 楽天 <x@tanaka.jp>", "アップルパイ工房 <x@pie.jp>", "Озон Иванов <x@ivanov.ru>",
            "Elisa Virtanen <x@tree-care.fi>", "Kakao Kontor <x@tree-care.de>",
            "카카오닙스 <x@tree-care.kr>", "Elisa <elisa@tree-care.fi>", "It's me <x@tree-care.com>",
            "M. Braun <x@firma.de>", "A. Meli <x@unict.it>", "Ana F. <ana@gmail.com>",
            "K. Roger <x@gmail.com>", "I. Ng <x@nus.edu.sg>", "John Lewis <x@gmail.com>",
            "Seb <seb@gmail.com>", "LECLERC Marie <x@univ-lille.fr>", "Kröger, Anna <x@uni.de>",
            "Philips, Jan <x@kuleuven.be>", "Roßmann, Peter <x@rwth.de>",
            "Aldi Pratama <x@gmail.com>",
            "Booking Team <x@club-lido.de>", "Visa Services <x@exeter.ac.uk>",
            "Carrefour jeunesse-emploi <x@cjelaval.qc.ca>", "Web de Juan Pérez <x@juanperez.es>",
            "Allianz deutscher Designer <x@agd.de>", "EDEKA Simmel <x@simmel.de>",
            "The Rogers Team <x@kw.com>", "日本航空宇宙学会 <x@jsass.or.jp>",
            "OTP Service <x@tree-care.com>", "Erste Hilfe <x@tree-care.de>",
            "CTT <x@time-trials.uk>",
            "Desjardins, Marie <marie@tree-care.ca>", "Skat <x@club.example>",
        ])
    func words(_ from: String) {
        #expect(!isBorrowed(from))
    }

    @Test(
        "The author's top-level domain may be a cheap one",
        arguments: [
            ("a@shop.top", true), ("a@mail.shop.example.click", true), ("a@top.com", false),
            ("a@xyz.de", false), ("a@shop", false), ("nobody", false),
        ])
    func cheap(_ from: String, _ isCheap: Bool) {
        #expect(facts(from).contains("h:dom-cheap") == isCheap)
    }

    @Test(
        "The author's domain may be a tenant's, who has none of its own",
        arguments: [
            ("a@shop24.onmicrosoft.com", true), ("a@x.mail.onmicrosoft.com", true),
            ("a@onmicrosoft.com", false), ("a@microsoft.com", false), ("nobody", false),
            ("MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.onmicrosoft.com", false),
        ])
    func tenant(_ from: String, _ isTenant: Bool) {
        #expect(facts(from).contains("h:dom-tenant") == isTenant)
    }

    @Test(
        "Most sites that a message links to may be throw-away ones",
        arguments: [
            ("http://prize.icu/", true), ("http://WWW.PRIZE.ICU", true),
            ("https://a.pages.dev/x http://shop.com/", false),
            ("http://a.pages.dev/ http://b.pages.dev/ http://b.com/", true),
            ("http://x.a.pages.dev/ http://y.a.pages.dev/ http://b.com/", false),
            ("http://prize.icu/ http://www.tree.com/", false),
            ("http://prize.icu/ http://gift.buzz/ http://www.tree.com/", true),
            ("https://b.s3.amazonaws.com/x", false), ("https://aws.amazonaws.com/", false),
            ("http://tennis.club/", false), ("http://www.weebly.com/", false),
            ("http://b.com/", false), ("no link", false),
        ])
    func throwaway(_ text: String, _ isThrowaway: Bool) {
        for from in ["a@tree.com", "Ann <ann@mail.tree.com>"] {
            #expect(facts(from, text: text).contains("h:links-cheap") == isThrowaway)
        }
    }

    @Test(
        "Documents that are kept with others' are no throw-away sites, pages are",
        arguments: [
            ("b.s3.amazonaws.com/a.pdf", false), ("s3-b.amazonaws.com/a.JPG?x=1", false),
            ("b.s3.eu-west-1.amazonaws.com/a.html", true), ("s3-b.amazonaws.com/a", true),
            ("x.blob.core.windows.net/y", true), ("aws.amazonaws.com/y", false),
        ])
    func files(_ link: String, _ isThrowaway: Bool) {
        let message =
            "From: a@b.example\nContent-Type: text/html\n\n<a href='https://\(link)'>News</a>\n"
        let facts = Document(MailContent(message: Array(message.utf8))).facts
        #expect(facts.contains("h:links-cheap") == isThrowaway)
    }

    @Test("Throw-away sites are seen in mail from free addresses, too")
    func throwawayOfFreeMail() {
        #expect(facts("a@gmail.com", text: "http://prize.icu/").contains("h:links-cheap"))
    }

    @Test(
        "A picture sign in the author's name is seen",
        arguments: [
            ("\u{1F381} Rewards", true), ("Prize \u{2714}", true), ("\u{26A1} Sale", true),
            ("Caf\u{E9} \u{AE}", false), ("3M \u{2122}", false), ("\u{7530}\u{4E2D}", false),
            ("\u{2605}Shop\u{2605}", false), ("Chor \u{266A}", false), ("Ann", false),
            ("Jane \u{1F1E9}\u{1F1EA}", false),
        ])
    func picture(_ name: String, _ hasPicture: Bool) {
        #expect(facts("\(name) <a@b.example>").contains("h:name-sign") == hasPicture)
    }

    @Test(
        "The subject may begin with a recipient's address",
        arguments: [
            ("Me <a@b.example>", "A@B.Example: mailbox full", true),
            ("x@b.example,\n a@b.example", "[a@b.example] removal", true),
            ("o'neill@b.example", "Dear o'neill@b.example, pay", true),
            ("a@b.example", "Dear Sir or Madam, a@b.example is full", false),
            ("a@b.example", "Invitation: tea @ Mon 4pm (a@b.example)", false),
            ("a@b.example", "Mail of c@b.example", false), ("a@b.example", "b.example", false),
            ("n@x.co", "ann@x.com", false), ("undisclosed-recipients:;", "a@b.example", false),
            ("@", "@", false),
        ])
    func recipient(_ to: String, _ subject: String, _ isNamed: Bool) {
        let message = "From: n@c.example\nTo: \(to)\nSubject: \(subject)\n\nx\n"
        let facts = Document(MailContent(message: Array(message.utf8))).facts
        #expect(facts.contains("h:subj-to") == isNamed)
    }

    @Test(
        "Letters that only look like Latin ones are seen in the name and the subject",
        arguments: [
            ("P\u{430}yment due", true), ("Last Ca\u{217C}\u{217C}", true),
            ("\u{1D5E8}rgent", true), ("Your \u{392}ank", true),
            // Russian, a slip of the keyboard, Danish, a unit, a king and Greek with a Latin name.
            ("\u{421}\u{43E}\u{441}\u{435}\u{434}", false), ("\u{421}PU", false),
            ("C\u{442}\u{430}\u{442}\u{44C}\u{44F}", false), ("k\u{F8}benhavn", false),
            ("10 \u{3BC}m", false), ("Ludwig \u{2169}\u{2163}", false),
            ("iPhone-\u{43E}\u{432}", false), ("\u{FF2A}\u{FF23}\u{FF22}", false),
            ("Payment", false), ("", false),
        ])
    func disguised(_ text: String, _ isDisguised: Bool) {
        #expect(facts("a@b.example", subject: text).contains("h:odd-letters") == isDisguised)
        #expect(
            facts("\(text) <a@b.example>").contains("h:odd-letters") == isDisguised, "in the name")
    }

    @Test(
        "One word in disguise in a text is a slip, two are none",
        arguments: [
            ("P\u{430}yment due, \u{430}ccount closed", true), ("P\u{430}yment due", false),
            ("\u{1D5D5}\u{1D5F6}\u{1D5F4}\u{1D5F4} \u{1D5E6}\u{1D5EE}\u{1D5F9}\u{1D5F2}", true),
            ("f(\u{1D465}) = \u{1D465} + \u{1D466}", false),
            ("\u{B5}Torrent or \u{3BC}Torrent", false),
        ])
    func disguisedText(_ text: String, _ isDisguised: Bool) {
        #expect(facts("a@b.example", text: text).contains("h:odd-letters") == isDisguised)
    }
}
