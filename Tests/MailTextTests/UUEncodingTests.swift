import Testing

@testable import MailText

@Suite struct UUEncodingTests {
    @Test(
        "Each line is decoded to the length in its first character",
        arguments: [
            ("#0V%T", "Cat"), ("begin 644 cat.txt\n#0V%T\n`\nend\n", "Cat"), ("\"0V%T", "Ca"),
            ("#0V%T\n#0V%T", "CatCat"), ("#0V%T\r\n", "Cat"), ("!80  ", "a"), ("!80``", "a"),
            ("`", ""), (" ", ""), ("", ""), ("#0V", ""),
        ])
    func decoded(_ text: String, _ plain: String) {
        #expect(UUEncoding.decode(text.slice, limit: 1_000).string == plain)
    }
}
