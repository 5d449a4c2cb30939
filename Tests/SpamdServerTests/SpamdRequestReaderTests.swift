import Testing

@testable import SpamdServer

/// Requests as clients send them, and as they should not.
@Suite struct SpamdRequestReaderTests {
    private func read(
        _ text: String, limit: Int = 1_000, step: Int = .max
    ) -> Result<SpamdRequest?, SpamdFault> {
        var reader = SpamdRequestReader(limit: limit)
        var rest = Array(text.utf8)[...]
        do throws(SpamdFault) {
            while !rest.isEmpty {
                let piece = rest.prefix(step)
                rest = rest.dropFirst(piece.count)
                if let request = try reader.read(piece) { return .success(request) }
            }
            return .success(nil)
        } catch { return .failure(error) }
    }

    @Test(
        "A request is complete with the last byte of its body, however it arrives",
        arguments: [1, 3, 100])
    func pieces(_ step: Int) throws {
        let text = "CHECK SPAMC/1.5\r\nUser: alice\r\nContent-length: 5\r\n\r\nhello and more"
        let request = try #require(try read(text, step: step).get())
        #expect(request.header.command == .check && request.header.user == "alice")
        #expect(request.body == Array("hello".utf8))
    }

    @Test("Every command is known by its word", arguments: SpamdCommand.allCases)
    func commands(_ command: SpamdCommand) throws {
        let text = "\(command.rawValue) SPAMC/1.5\r\nContent-length: 0\r\n\r\n"
        #expect(try read(text).get()?.header.command == command)
    }

    @Test("Without a length the body ends with the connection")
    func unmeasured() throws {
        var reader = SpamdRequestReader(limit: 1_000)
        #expect(try reader.read(Array("PROCESS SPAMC/1.2\n\nhello".utf8)) == nil)
        #expect(try reader.read(Array(" there".utf8)) == nil)
        #expect(try reader.end().body == Array("hello there".utf8))
    }

    @Test("PING of early clients ends with its line, a later one with an empty line")
    func ping() throws {
        #expect(try read("PING SPAMC/1.2\r\n").get() != nil)
        #expect(try read("PING SPAMC/1.5\r\n").get() == nil)
        #expect(try read("PING SPAMC/1.5\r\n\r\n").get() != nil)
    }

    @Test("Version 1.0 has no fields")
    func oldest() throws {
        var reader = SpamdRequestReader(limit: 1_000)
        #expect(try reader.read(Array("CHECK SPAMC/1.0\r\nSubject: x\r\n".utf8)) == nil)
        #expect(try reader.end().body == Array("Subject: x\r\n".utf8))
    }

    @Test("Names of fields may have any case, and values any space in front")
    func fields() throws {
        let text =
            "TELL SPAMC/1.5\r\nCONTENT-LENGTH:0\r\nMessage-class: SPAM\r\nset:  local, Remote\r\n"
            + "X-Other: x\r\nRemove:\r\nuser: Ünder\r\n\r\n"
        let header = try #require(try read(text).get()).header
        #expect(header.messageClass == "spam" && header.set == [.local, .remote])
        #expect(header.remove.isEmpty && header.user == "Ünder")
    }

    @Test(
        "A request that breaks the protocol is answered with its fault",
        arguments: [
            ("GET / HTTP/1.1\r\n", SpamdFault.malformed("GET / HTTP/1.1")),
            ("CHECK SPAMC/one\r\n", .malformed("CHECK SPAMC/one")),
            ("check SPAMC/1.5\r\n", .malformed("check SPAMC/1.5")),
            ("\u{1}\u{2}\r\n", .malformed("??")),
            (
                "CHECK SPAMC/1.5\r\nUser alice\r\n",
                .malformed("(header not in 'Name: value' format)")
            ),
            (
                "CHECK SPAMC/1.5\r\nContent-length: 5x\r\n",
                .malformed("(Content-Length contains non-numeric bytes)")
            ),
            (
                "CHECK SPAMC/1.5\r\nUser: a\u{7}b\r\n",
                .malformed("(User header contains control chars)")
            ),
            (
                "CHECK SPAMC/1.5\r\nCompress: lzma\r\n",
                .malformed("(compression type not supported: lzma)")
            ),
            (
                "TELL SPAMC/1.5\r\nMessage-class: eggs\r\n",
                .malformed("(Message-class header contains invalid class)")
            ),
            (
                "TELL SPAMC/1.5\r\nSet: local\r\nRemove: local\r\n\r\n",
                .malformed("Unable to set local and remove local in the same operation.")
            ),
            (
                "CHECK SPAMC/1.5\r\nCompress: zlib\r\n\r\n",
                .unavailable("Compress requires Content-length header")
            ),
            ("CHECK SPAMC/1.5\r\nContent-length: 1001\r\n\r\n", .tooLarge(limit: 1_000)),
            (
                "CHECK SPAMC/1.5\r\nContent-length: 99999999999999999999\r\n\r\n",
                .tooLarge(limit: 1_000)
            ),
            (
                "CHECK SPAMC/1.5\r\n\r\n" + String(repeating: "x", count: 1_001),
                .tooLarge(limit: 1_000)
            ),
            (
                "CHECK SPAMC/1.5\r\n" + String(repeating: "A: b\r\n", count: 300),
                .malformed("(too many headers)")
            ),
            (
                "CHECK SPAMC/1.5\r\nUser: " + String(repeating: "u", count: 5_000),
                .malformed("(header line too long)")
            ),
        ])
    func faults(_ text: String, _ fault: SpamdFault) {
        #expect(read(text) == .failure(fault))
    }

    @Test(
        "A connection that ends too early is a fault",
        arguments: [
            ("", "(closed before headers)"),
            ("CHECK SPAMC/1.5\r\nUser: a\r\n", "(EOF during headers)"),
            (
                "CHECK SPAMC/1.5\r\nContent-length: 5\r\n\r\nhell",
                "(Content-Length mismatch: Expected 5 bytes, got 4 bytes)"
            ),
        ])
    func early(_ text: String, _ reason: String) throws {
        var reader = SpamdRequestReader(limit: 1_000)
        #expect(try reader.read(Array(text.utf8)) == nil)
        #expect(throws: SpamdFault.malformed(reason)) { try reader.end() }
    }

    @Test(
        "Whatever bytes arrive, and in whatever pieces, the reader ends with a request or a fault")
    func random() {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "CHECK SPAMC/1.5\r\n", "PING SPAMC/1.2\n", "Content-length: 12\r\n",
            "Compress: zlib\r\n",
            "User: ", "\r\n", "\n", "\0", ":", "Set: local\r\n", "é", "Content-length: -1\r\n", "x",
        ].map { Array($0.utf8) }
        for _ in 0..<2_000 {
            var reader = SpamdRequestReader(limit: 50)
            var isOver = false
            for _ in 0..<Int.random(in: 0...12, using: &random) where !isOver {
                let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
                do { isOver = try reader.read(piece) != nil } catch {
                    isOver = true
                    #expect(error.answer.starts(with: Array("SPAMD/1.0 ".utf8)))
                }
            }
            guard !isOver else { continue }
            do { #expect(try reader.end().body.count <= 50) } catch {
                #expect(error.code == 76)
            }
        }
    }

    @Test(
        "Versions are compared by number",
        arguments: [
            ("1.5", 1, 5), ("1.10", 1, 10), ("2", 2, 0), ("1.", nil, nil), ("-1.2", nil, nil),
        ])
    func versions(_ text: String, _ major: Int?, _ minor: Int?) {
        let version = SpamdVersion(text)
        #expect(version?.major == major && version?.minor == minor)
        if let version { #expect(version > .withFields) }
    }
}
