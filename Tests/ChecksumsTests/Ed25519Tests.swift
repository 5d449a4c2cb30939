import Checksums
import FilterTestKit
import Foundation
import Testing

@Suite struct Ed25519Tests {
    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { offset in
            let start = hex.index(hex.startIndex, offsetBy: offset)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16)
        }
    }

    @Test("The signature of RFC 8032's third example is valid, and no other")
    func example() {
        let key = Self.bytes("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
        let signature = Self.bytes(
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")
        let message: [UInt8] = [0xAF, 0x82]
        #expect(Ed25519.isValid(signature, of: message, publicKey: key))
        #expect(!Ed25519.isValid(signature, of: message + [0], publicKey: key))
        #expect(!Ed25519.isValid(Array(signature.dropLast()), of: message, publicKey: key))
        #expect(!Ed25519.isValid([], of: message, publicKey: key))
        #expect(!Ed25519.isValid(signature, of: message, publicKey: []))
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(!Ed25519.isValid(changed, of: message, publicKey: key))
        }
    }

    @Test("A key signs, is written and is read again")
    func roundTrip() throws {
        let key = try #require(Ed25519PrivateKey())
        let message = Array("digest of a model".utf8)
        let signature = try #require(key.signature(of: message))
        let publicKey = try #require(key.publicKey)
        #expect(Ed25519.isValid(signature, of: message, publicKey: publicKey))
        let pem = try #require(key.pem)
        let again = try #require(Ed25519PrivateKey(pem: pem))
        #expect(again.publicKey == publicKey)
        #expect(again.signature(of: message) == signature)
        let other = try #require(Ed25519PrivateKey()?.publicKey)
        #expect(!Ed25519.isValid(signature, of: message, publicKey: other))
    }

    @Test("openssl(1) makes keys that are read, and accepts what they sign")
    func openssl() throws {
        let folder = try TemporaryFolder()
        func run(_ arguments: String...) throws -> Command.Output {
            try Command.run("/usr/bin/openssl", arguments)
        }
        let file = folder.file("key.pem")
        #expect(try run("genpkey", "-algorithm", "ed25519", "-out", file).status == 0)
        let key = try #require(
            Ed25519PrivateKey(pem: try String(contentsOfFile: file, encoding: .utf8)))
        let message = try folder.write("message", "some words")
        let signature = try #require(key.signature(of: Array("some words".utf8)))
        try folder.write("signature", signature)
        let checked = try run(
            "pkeyutl", "-verify", "-rawin", "-inkey", file, "-in", message, "-sigfile",
            folder.file("signature"))
        #expect(checked.status == 0, "\(checked.out)\(checked.err)")
    }

    @Test("A key of another kind, with a passphrase, or none at all is not read")
    func refused() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("key.pem")
        _ = try Command.run(
            "/usr/bin/openssl",
            [
                "genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:word", "-out", file,
            ])
        #expect(Ed25519PrivateKey(pem: try String(contentsOfFile: file, encoding: .utf8)) == nil)
        _ = try Command.run(
            "/usr/bin/openssl",
            ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file])
        #expect(Ed25519PrivateKey(pem: try String(contentsOfFile: file, encoding: .utf8)) == nil)
        #expect(Ed25519PrivateKey(pem: "") == nil)
        #expect(Ed25519PrivateKey(pem: "-----BEGIN PRIVATE KEY-----\n") == nil)
    }
}
