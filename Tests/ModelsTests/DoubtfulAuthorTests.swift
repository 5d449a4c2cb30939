import MailText
import Models
import Testing
import TextFeatures

@Suite struct DoubtfulAuthorTests {
    private func facts(_ from: String) -> [String] {
        let message = "From: \(from)\nTo: a@b.example\nSubject: News\n\nx\n"
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
            "Deutsche Bank <x@db-konto.com>",
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
            "Gmail Team <team@gmail.com>",
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
            "Customer Service <x@tree-care.com>",
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
}
