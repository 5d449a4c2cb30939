import MailText

/// Messages, mailboxes and tables.
extension Corpus {
    /// Endings of compressed files, behind the one that says what is inside.
    private static let compressedSuffixes: Set = [
        "gz", "z", "bz2", "xz", "lzma", "lz", "lz4", "zst",
    ]

    /// Passes on the rows of a table, the messages of a mailbox, or a message.
    func readContent(_ file: File, _ bytes: [UInt8], _ emit: (Item) throws -> Void) throws {
        if isTable(file.path) { return try readTable(file, bytes, emit) }
        guard Mbox.isMbox(bytes) else { return try readMessage(file, bytes, emit) }
        for (index, message) in Mbox.split(bytes).enumerated() {
            try emit(
                .message(
                    CorpusMessage(
                        set: name, path: "\(file.path)#\(index + 1)", label: label,
                        content: .message(message), location: file.location.part("\(index + 1)"))))
        }
    }

    private func readMessage(
        _ file: File, _ bytes: [UInt8], _ emit: (Item) throws -> Void
    ) throws {
        if !file.isNamed, let reason = MailFile.reasonAgainst(bytes, name: file.path) {
            if !MailFile.isLitter(file.path) { try refuse(file, reason, emit) }
            return
        }
        try emit(
            .message(
                CorpusMessage(
                    set: name, path: file.path, label: label, content: .message(bytes),
                    location: file.location)))
    }

    // MARK: Tables

    private func isTable(_ path: String) -> Bool {
        var endings = path.lowercased().split(separator: ".")[...]
        while let last = endings.last, Corpus.compressedSuffixes.contains(String(last)) {
            endings.removeLast()
        }
        return endings.count > 1 && endings.last == "csv"
    }

    private func readTable(
        _ file: File, _ bytes: [UInt8], _ emit: (Item) throws -> Void
    ) throws {
        var shown = file.location.path
        if let member = file.location.member { shown += ": \(member)" }
        var reader = try CSVReader(bytes, path: shown)
        guard let text = reader.columns.firstIndex(of: "text") else {
            let error = CorpusError.noTextColumn(shown, columns: reader.columns)
            guard !file.isNamed else { throw error }
            return try refuse(file, error.reason, emit)
        }
        let labelColumn = reader.columns.firstIndex(of: "label")
        let identifier = reader.columns.firstIndex(of: "id")
        let partColumn = reader.columns.firstIndex(of: "split")
        while let (fields, line) = try reader.next() {
            let row = identifier.map { fields[$0] } ?? "line-\(line)"
            try emit(
                .message(
                    CorpusMessage(
                        set: name, path: file.isNamed ? row : "\(file.path)#\(row)",
                        label: label ?? labelColumn.map { fields[$0] },
                        part: partColumn.flatMap { try part(fields[$0], shown, line: line) },
                        content: .text(fields[text]), location: file.location.part(row))))
        }
    }

    /// The part that a value of the column `split` names; nil when it is empty.
    private func part(_ name: String, _ path: String, line: Int) throws -> DataSplit? {
        let lower = name.lowercased()
        if lower.isEmpty { return nil }
        if ["valid", "validation"].contains(lower) { return .dev }
        guard let part = DataSplit(rawValue: lower) else {
            throw CorpusError.unknownSplit(path, line: line, name: name)
        }
        return part
    }
}
