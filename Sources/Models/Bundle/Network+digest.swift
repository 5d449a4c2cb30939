import Checksums
import TextCNN

extension Network {
    /// SHA-256 over the bytes of all weights, in hexadecimal.
    public var digest: String { ModelBundle.digest(of: tensors) }
}

extension ModelBundle {
    /// SHA-256 over the bytes of tensors, in hexadecimal.
    static func digest(of tensors: [NamedTensor]) -> String {
        SHA256.hex(tensors.flatMap { $0.values.withUnsafeBytes { Array($0) } })
    }
}
