import ArgumentParser
import Checksums
import Fleet
import Foundation

struct ModelKeygen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen", abstract: "Make a key that signs models for several hosts.",
        discussion: """
            FILE gets the private key and must not be there yet: name it as fleet.signing_key on \
            the host that retrains, and nowhere else. What is printed is the public key, for \
            fleet.trusted_keys on all hosts. openssl genpkey -algorithm ed25519 makes such a file \
            too, and --show prints its public key.
            """)

    @Flag(help: "Make no key; print the public key of the one in FILE.") var show = false
    @Argument(help: .init("File of the private key, in PEM.", valueName: "file")) var file: String

    func run() async throws {
        try await SystemExit.reporting {
            let key = show ? try ModelTrust.privateKey(file) : try make()
            guard let bytes = key.publicKey else {
                throw FleetError(.key, "the public key can't be computed")
            }
            print(Data(bytes).base64EncodedString())
        }
    }

    private func make() throws -> Ed25519PrivateKey {
        guard let key = Ed25519PrivateKey(), let pem = key.pem else {
            throw FleetError(.key, "a key can't be made")
        }
        try OutputFile.write(Array(pem.utf8), to: file, isNew: true, mode: 0o600)
        return key
    }
}
