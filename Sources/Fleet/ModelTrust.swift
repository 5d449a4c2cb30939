import Checksums
import Foundation
import Glibc

/// Whose models a host takes, and with which key it signs its own.
public struct ModelTrust: Sendable {
    /// Public keys of 32 bytes; none takes every model that has the digest it should have.
    public var trustedKeys: [[UInt8]] = []
    /// Signs the models that this host proposes; nil proposes them without a signature.
    public var signingKey: Ed25519PrivateKey?

    /// Keeps a signature of a manifest from being one of anything else.
    private static let prefix = "siftd model signature 1\n"

    /// No key at all.
    public init() {}

    /// Keys as the configuration names them.
    ///
    /// - Parameters:
    ///   - trusted: public keys of 32 bytes in base64.
    ///   - signingKeyFile: a private key in PEM, which no other user may read; empty for none.
    /// - Throws: ``FleetError`` of the kind `key`.
    public init(trusted: [String], signingKeyFile: String) throws(FleetError) {
        for text in trusted {
            guard let key = ModelTrust.publicKey(text) else {
                throw FleetError(
                    .key,
                    "\"\(text)\" is no public key; siftd model keygen prints one in base64")
            }
            trustedKeys.append(key)
        }
        if !signingKeyFile.isEmpty { signingKey = try ModelTrust.privateKey(signingKeyFile) }
    }

    /// Reads a public key in base64; nil for any other text.
    public static func publicKey(_ text: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: text), data.count == Ed25519.publicKeyBytes else {
            return nil
        }
        return Array(data)
    }

    /// Reads the file of a private key.
    ///
    /// - Throws: ``FleetError`` of the kind `key`.
    public static func privateKey(_ path: String) throws(FleetError) -> Ed25519PrivateKey {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw FleetError(.key, "\(path): \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & 0o007 == 0 else {
            throw FleetError(.key, "\(path): every user of this host may read it; chmod o= it")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FleetError(.key, "\(path): can't be read by this user")
        }
        guard let key = Ed25519PrivateKey(pem: String(decoding: data, as: UTF8.self)) else {
            throw FleetError(
                .key,
                "\(path): is no Ed25519 key without a passphrase; siftd model keygen writes one")
        }
        return key
    }

    /// Signs a manifest; nil without a key.
    func signature(of manifest: ModelManifest) throws(FleetError) -> [UInt8]? {
        guard let signingKey else { return nil }
        guard let signature = signingKey.signature(of: ModelTrust.message(manifest)) else {
            throw FleetError(.key, "the model can't be signed")
        }
        return signature
    }

    /// Refuses a model that no trusted key has signed.
    ///
    /// - Throws: ``FleetError`` of the kind `untrusted`.
    func check(_ signature: [UInt8]?, of manifest: ModelManifest) throws(FleetError) {
        guard !trustedKeys.isEmpty else { return }
        guard let signature else {
            throw FleetError(.untrusted, "the model is not signed, and fleet.trusted_keys is set")
        }
        let message = ModelTrust.message(manifest)
        guard
            trustedKeys.contains(where: {
                Ed25519.isValid(signature, of: message, publicKey: $0)
            })
        else {
            throw FleetError(
                .untrusted, "no key of fleet.trusted_keys has made the model's signature")
        }
    }

    private static func message(_ manifest: ModelManifest) -> [UInt8] {
        Array((prefix + manifest.text).utf8)
    }
}
