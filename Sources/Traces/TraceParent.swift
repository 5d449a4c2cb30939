import Tracing

/// Where a span belongs: its trace, and the span above it.
public struct TraceParent: Sendable, Equatable {
    /// The 32 hexadecimal digits of a trace, not all of them 0.
    public let traceID: String
    /// The 16 hexadecimal digits of the span above; nil where only the trace is known.
    public let spanID: String?
    /// Whether spans of the trace are recorded; nil where nobody has decided.
    public let isSampled: Bool?
    /// Fields of other tracers, passed on as they came; empty for none.
    public let state: String

    /// What is kept of `tracestate` (W3C Trace Context section 3.3.1.5 asks for this much).
    private static let longestState = 512

    init(traceID: String, spanID: String?, isSampled: Bool?, state: String = "") {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }

    /// Reads the fields of W3C Trace Context; nil when `traceparent` is malformed.
    public init?(traceparent: String, tracestate: String? = nil) {
        let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[0] != "ff", parts[3].count == 2,
            parts[0] != "00" || parts.count == 4, traceparent.utf8.count <= 256,
            [parts[0], parts[3]].allSatisfy(TraceParent.isHexadecimal),
            TraceParent.isID(parts[1], digits: 32), TraceParent.isID(parts[2], digits: 16),
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        traceID = String(parts[1])
        spanID = String(parts[2])
        isSampled = flags & 1 == 1
        let state = tracestate ?? ""
        let isPrintable = state.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        self.state = isPrintable && state.utf8.count <= TraceParent.longestState ? state : ""
    }

    /// Reads `X-Amzn-Trace-Id`, such as
    /// `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`.
    ///
    /// - Parameter amazon: the field; nil comes of one without a trace.
    public init?(amazon: String) {
        var fields: [Substring: Substring] = [:]
        for part in amazon.utf8.count <= 1_024 ? amazon.split(separator: ";") : [] {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return nil }
            fields[pair[0].drop { $0 == " " }] = pair[1]
        }
        let root = fields["Root"]?.split(separator: "-") ?? []
        guard root.count == 3, root[0] == "1", root[1].count == 8, root[2].count == 24,
            TraceParent.isID(root[1] + root[2], digits: 32)
        else { return nil }
        traceID = String(root[1] + root[2])
        spanID = fields["Parent"].flatMap {
            TraceParent.isID($0, digits: 16) ? String($0) : nil
        }
        isSampled = fields["Sampled"].flatMap { ["0": false, "1": true][$0] }
        state = ""
    }

    /// The field `traceparent` for a span below; nil where no span is known.
    public var field: String? {
        spanID.map { "00-\(traceID)-\($0)-\(isSampled == true ? "01" : "00")" }
    }

    private static func isID(_ text: some StringProtocol, digits: Int) -> Bool {
        text.utf8.count == digits && isHexadecimal(text) && text.contains { $0 != "0" }
    }

    /// Capital letters are not permitted.
    private static func isHexadecimal(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

private enum TraceParentKey: ServiceContextKey {
    typealias Value = TraceParent
    static let nameOverride: String? = "siftd-trace-parent"
}

extension ServiceContext {
    /// Where spans of this context belong; nil for a new trace.
    public var traceParent: TraceParent? {
        get { self[TraceParentKey.self] }
        set { self[TraceParentKey.self] = newValue }
    }
}
