import Checksums
import TextCNN

extension Network {
    /// SHA-256 over the bytes of all weights, in hexadecimal.
    public var digest: String {
        SHA256.hex(tensors.flatMap { $0.values.withUnsafeBytes { Array($0) } })
    }
}
