import Checksums
import FilterTestKit
import Foundation
import Testing

@testable import Fleet

@Suite struct ModelManifestTests {
    private static let digest = SHA256.hex([1])
    private static let files = [
        ModelManifest.File(name: "weights.safetensors", sha256: digest, bytes: 5),
        ModelManifest.File(name: "config.json", sha256: SHA256.hex([2]), bytes: 0),
    ]

    @Test("The order of the files does not change the digest, each of their facts does")
    func digest() throws {
        let manifest = try #require(ModelManifest(Self.files))
        #expect(try #require(ModelManifest(Self.files.reversed())).digest == manifest.digest)
        #expect(manifest.bytes == 5)
        #expect(ModelManifest(text: manifest.text) == manifest)
        for change in [
            { (file: inout ModelManifest.File) in file.bytes = 6 }, { $0.name = "other" },
            { $0.sha256 = SHA256.hex([3]) },
        ] {
            var files = Self.files
            change(&files[0])
            #expect(try #require(ModelManifest(files)).digest != manifest.digest)
        }
    }

    @Test(
        "Names that lead elsewhere, names that come twice and digests that are none are refused",
        arguments: [
            "", ".", "..", "../config.json", "a/b", ".hidden", "a b", "a\nb", "ä",
            String(repeating: "a", count: 101),
        ])
    func names(_ name: String) {
        #expect(ModelManifest([.init(name: name, sha256: Self.digest, bytes: 1)]) == nil)
    }

    @Test("A manifest that nothing writes is not read")
    func refused() throws {
        #expect(ModelManifest([]) == nil)
        #expect(ModelManifest([Self.files[0], Self.files[0]]) == nil)
        #expect(ModelManifest([.init(name: "a", sha256: "AB", bytes: 1)]) == nil)
        #expect(ModelManifest([.init(name: "a", sha256: Self.digest, bytes: -1)]) == nil)
        let text = try #require(ModelManifest(Self.files)).text
        for changed in [
            "", String(text.dropLast()), text + "\n", " " + text,
            text.replacing("manifest 1", with: "manifest 2"), text.replacing(" 5 ", with: " 05 "),
            text.split(separator: "\n").reversed().joined(separator: "\n") + "\n",
        ] {
            #expect(ModelManifest(text: changed) == nil, "\(changed)")
        }
    }

    @Test("Only a signature by a trusted key is taken, if there are any")
    func trust() throws {
        let manifest = try #require(ModelManifest(Self.files))
        let other = try #require(ModelManifest([Self.files[0]]))
        let key = try #require(Ed25519PrivateKey())
        var signer = ModelTrust()
        signer.signingKey = key
        let signature = try #require(try signer.signature(of: manifest))
        var trust = ModelTrust()
        try trust.check(nil, of: manifest)
        try trust.check([1], of: manifest)
        let stranger = try #require(Ed25519PrivateKey()?.publicKey)
        trust.trustedKeys = [stranger, try #require(key.publicKey)]
        try trust.check(signature, of: manifest)
        for (signature, manifest) in [
            (nil, manifest), (signature, other), (Array(signature.reversed()), manifest),
        ] {
            let error = #expect(throws: FleetError.self) {
                try trust.check(signature, of: manifest)
            }
            #expect(error?.kind == .untrusted)
        }
        trust.trustedKeys = [stranger]
        #expect(throws: FleetError.self) { try trust.check(signature, of: manifest) }
    }

    @Test("Keys come from the configuration and from a file that others can't read")
    func keys() throws {
        let folder = try TemporaryFolder()
        let key = try #require(Ed25519PrivateKey())
        let path = try folder.write("key", try #require(key.pem))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: FleetError.self) { try ModelTrust(trusted: [], signingKeyFile: path) }
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let publicKey = Data(try #require(key.publicKey)).base64EncodedString()
        let trust = try ModelTrust(trusted: [publicKey], signingKeyFile: path)
        let manifest = try #require(ModelManifest(Self.files))
        try trust.check(try trust.signature(of: manifest), of: manifest)
        for wrong in ["", "AAAA", "not base64!", publicKey + "A"] {
            let error = #expect(throws: FleetError.self) {
                try ModelTrust(trusted: [wrong], signingKeyFile: "")
            }
            #expect(error?.kind == .key)
        }
        let text = try folder.write("text", "no key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: text)
        for file in [text, folder.file("missing")] {
            #expect(throws: FleetError.self) { try ModelTrust(trusted: [], signingKeyFile: file) }
        }
    }
}
