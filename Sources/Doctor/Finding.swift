/// What one look at the set-up has shown.
public struct Finding: Sendable, Equatable, Encodable {
    /// How bad it is; the raw value stands in JSON.
    public enum State: String, Sendable, Comparable, CaseIterable, Encodable {
        /// Could not be looked at, or does not apply here.
        case skipped
        /// As it should be.
        case ok
        /// Works, but may not be what the admin wants.
        case warning
        /// Mail is not filtered, or will not be, until it is changed.
        case failure

        private var rank: Int { State.allCases.firstIndex(of: self) ?? 0 }

        /// Whether the first state is less bad.
        public static func < (left: State, right: State) -> Bool { left.rank < right.rank }
    }

    /// The name of the group of checks.
    public var check: String
    /// How bad it is.
    public var state: State
    /// What was found.
    public var text: String
    /// What to change; empty where nothing need be.
    public var remedy: String

    /// A finding.
    init(_ check: String, _ state: State, _ text: String, remedy: String = "") {
        self.check = check
        self.state = state
        self.text = text
        self.remedy = remedy
    }
}

/// All that was found.
public struct Diagnosis: Sendable, Encodable {
    /// In the order of the checks.
    public var findings: [Finding]

    /// The worst finding; ``Finding/State/ok`` where none is worse.
    public var state: Finding.State { max(findings.map(\.state).max() ?? .ok, .ok) }

    /// For scripts: 0, 1 with warnings, 2 with failures.
    public var exitCode: Int32 {
        switch state {
        case .skipped, .ok: 0
        case .warning: 1
        case .failure: 2
        }
    }

    /// Lines for a terminal, each finding with what to do below it.
    public var text: String {
        let words: [Finding.State: String] = [
            .ok: "ok     ", .warning: "WARNING", .failure: "FAILURE", .skipped: "-      ",
        ]
        return findings.map { finding in
            let line = "\(words[finding.state] ?? "")  \(finding.check): \(finding.text)\n"
            return finding.remedy.isEmpty
                ? line
                : line
                    + finding.remedy.split(separator: "\n").map { "           \($0)\n" }.joined()
        }.joined()
    }

    private enum CodingKeys: String, CodingKey { case state, findings }

    /// The worst state and all findings.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(state, forKey: .state)
        try container.encode(findings, forKey: .findings)
    }
}
