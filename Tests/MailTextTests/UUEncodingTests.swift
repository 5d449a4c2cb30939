import Testing

@testable import MailText

@Suite struct UUEncodingTests {
    @Test(
        "Each line is decoded to the length in its first character",
        arguments: [
            ("#0V%T", "Cat"), ("begin 644 cat.txt\n#0V%T\n`\nend\n", "Cat"), ("\"0V%T", "Ca"),
            ("#0V%T\n#0V%T", "CatCat"), ("#0V%T\r\n", "Cat"), ("!80  ", "a"), ("!80``", "a"),
            ("`", ""), (" ", ""), ("", ""), ("#0V", ""), ("#0V%T\r#0V%T", "CatCat"),
        ])
    func decoded(_ text: String, _ plain: String) { #expect(decode(text) == plain) }

    @Test(
        "Lines that are no encoded ones are text, as in clients that don't know the encoding",
        arguments: [
            ("Hello there", "Hello there\n"), ("BUY NOW TODAY", "BUY NOW TODAY\n"),
            ("Hi\nbegin 644 a\n#0V%T\n`\nend\nBye", "Hi\nCatBye\n"), ("ending", "ending\n"),
            ("5BUY OUR BLUE KETTLES TODAYYY", "5BUY OUR BLUE KETTLES TODAYYY\n"),
        ])
    func text(_ text: String, _ plain: String) { #expect(decode(text) == plain) }

    private func decode(_ text: String) -> String {
        var defects: Set<Defect> = []
        return UUEncoding.decode(text.slice, limit: 1_000, defects: &defects).string
    }
}
