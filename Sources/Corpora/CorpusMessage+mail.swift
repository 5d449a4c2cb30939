import MailText

extension CorpusMessage {
    /// Why the content is no mail, human-readable; nil when it is, and for rows of tables.
    ///
    /// Files in directories and archives are checked as they are read; a file that was named is
    /// passed on as it is.
    public var reasonAgainst: String? {
        guard case .message(let bytes) = content else { return nil }
        return MailFile.reasonAgainst(bytes, name: location?.path ?? path)
    }
}
