import Testing

@testable import Milter

@Suite struct TransactionTests {
    @Test("The message begins with its envelope sender, and lines end with CRLF")
    func message() {
        var transaction = Transaction()
        transaction.envelopeSender = "s@example.net"
        transaction.header = [
            .init(name: "Subject", value: Array("a\n\tb".utf8)), .init(name: "X", value: [0xFF]),
        ]
        transaction.body = Array("text\r\n".utf8)
        let start = Array("Return-Path: <s@example.net>\r\nSubject: a\n\tb\r\nX: ".utf8)
        #expect(transaction.message == start + [0xFF] + Array("\r\n\r\ntext\r\n".utf8))
    }

    @Test("An empty message is a bounce's sender and an empty line")
    func empty() {
        #expect(Transaction().message == Array("Return-Path: <>\r\n\r\n".utf8))
    }
}
