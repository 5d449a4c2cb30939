import Checksums

/// What a model consists of: the names of its files and the SHA-256 of each.
///
/// The digest of the manifest names the model in the database, and the signature is one of the
/// manifest: whoever has checked both knows all of the files.
public struct ModelManifest: Sendable, Equatable {
    /// One file.
    public struct File: Sendable, Equatable {
        /// Its name, without a folder.
        public var name: String
        /// SHA-256 of its content, in lower-case hexadecimal.
        public var sha256: String
        /// Its size in bytes.
        public var bytes: Int64

        /// A file.
        public init(name: String, sha256: String, bytes: Int64) {
            self.name = name
            self.sha256 = sha256
            self.bytes = bytes
        }
    }

    /// The files in alphabetical order.
    public let files: [File]

    private static let header = "siftd model manifest 1"
    private static let digits = Set("0123456789abcdef")
    private static let mostFiles = 100

    /// A manifest; nil for no file, a name twice, or a name that is more than a plain one.
    public init?(_ files: [File]) {
        let sorted = files.sorted { $0.name < $1.name }
        guard !sorted.isEmpty, sorted.count <= ModelManifest.mostFiles,
            Set(sorted.map(\.name)).count == sorted.count,
            sorted.allSatisfy(ModelManifest.isPlain)
        else { return nil }
        self.files = sorted
    }

    /// Reads the text of a manifest; nil for anything that ``text`` would not write.
    public init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first.map(String.init) == ModelManifest.header, lines.last == "" else {
            return nil
        }
        var files: [File] = []
        for line in lines.dropFirst().dropLast() {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, let bytes = Int64(parts[1]) else { return nil }
            files.append(File(name: String(parts[2]), sha256: String(parts[0]), bytes: bytes))
        }
        self.init(files)
        guard self.text == text else { return nil }
    }

    /// The files, one a line; the same files give the same text.
    public var text: String {
        ([ModelManifest.header] + files.map { "\($0.sha256) \($0.bytes) \($0.name)" })
            .map { $0 + "\n" }.joined()
    }

    /// SHA-256 of the text, in lower-case hexadecimal.
    public var digest: String { SHA256.hex(Array(text.utf8)) }

    /// The size of all files in bytes.
    public var bytes: Int64 { files.reduce(0) { $0 + $1.bytes } }

    /// Whether a name can't lead out of a folder, and a digest is one.
    private static func isPlain(_ file: File) -> Bool {
        let name = file.name
        return !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix(".") && file.bytes >= 0
            && name.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0))
            } && file.sha256.count == 64 && file.sha256.allSatisfy(digits.contains)
    }
}
