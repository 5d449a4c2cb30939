import ASCIIText

/// Names of mailboxes and hosts from which a service writes, not a person.
enum RoleNames {
    /// Those that are not among ``CommonNames``.
    private static let others: Set<String> = [
        "bonjour", "do", "donotreply", "e", "em", "go", "hi", "m", "mg", "mta", "mx", "my", "no",
        "not", "t",
    ]

    /// Whether all words of a name are such, as in `no-reply` or `news2`.
    static func areAll(of name: some StringProtocol) -> Bool {
        let words = name.utf8.split { !ASCII.isLetter($0) }.map {
            Array($0).lowercasedASCII()
        }
        return !words.isEmpty
            && words.allSatisfy {
                CommonNames.contain($0) || others.contains(String(decoding: $0, as: UTF8.self))
            }
    }
}
