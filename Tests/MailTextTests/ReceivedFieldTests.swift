import Testing

@testable import MailText

@Suite struct ReceivedFieldTests {
    @Test(
        "The client's confirmed host name is found as each MTA writes it",
        arguments: [
            (
                "from helo.example (mail.example.com [192.0.2.1])\r\n\tby mx (Postfix)",
                "mail.example.com"
            ),
            ("from helo.example (unknown [192.0.2.1]) by mx (Postfix)", ""),
            (
                "from helo.example (Mail.Example.COM [192.0.2.1]) by mx (8.17/8.17)",
                "mail.example.com"
            ),
            ("from helo.example (a.example [192.0.2.1] (may be forged)) by mx", ""),
            (
                "from mail.example.com ([192.0.2.1] helo=x) by mx with esmtp (Exim 4.96)",
                "mail.example.com"
            ),
            ("from [192.0.2.1] (helo=x) by mx with esmtp (Exim 4.96)", ""),
            ("by mx.example.org (Postfix, from userid 0)", ""), ("from", ""), ("", ""),
            ("from x (<script> [192.0.2.1])", ""),
        ])
    func clientHostName(_ field: String, _ name: String) {
        #expect(ReceivedField.clientHostName(field.slice) == name)
    }
}
