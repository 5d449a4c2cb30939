import Checksums
import TextCNN

extension Network {
    /// SHA-256 over all numbers, in hexadecimal: what tells two networks apart.
    public var digest: String {
        SHA256.hex(tensors.flatMap { $0.values.withUnsafeBytes { Array($0) } })
    }
}
