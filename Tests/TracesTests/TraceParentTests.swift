import Testing

@testable import Traces

/// The fields by which a request names its trace.
@Suite struct TraceParentTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let span = "b7ad6b7169203331"

    @Test(
        "traceparent is read as W3C Trace Context has it",
        arguments: [
            ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", false),
            ("00-\(trace)-\(span)-ff", true), ("01-\(trace)-\(span)-01-more", true),
            ("00-\(trace)-\(span)-01-more", nil), ("ff-\(trace)-\(span)-01", nil),
            ("00-\(trace.uppercased())-\(span)-01", nil),
            ("00-00000000000000000000000000000000-\(span)-01", nil),
            ("00-\(trace)-0000000000000000-01", nil), ("00-\(trace)-\(span)", nil),
            ("00-\(trace)-\(span)-1", nil), ("00-\(trace)-\(span)-0x", nil), ("", nil),
            ("00-\(trace)-\(span)-01, 00-\(trace)-\(span)-01", nil),
            ("0x-\(trace)-\(span)-01", nil),
            ("01-\(trace)-\(span)-01-\(String(repeating: "x", count: 300))", nil),
        ] as [(String, Bool?)])
    func w3c(_ field: String, _ isSampled: Bool?) {
        let parent = TraceParent(traceparent: field)
        #expect(parent?.isSampled == isSampled)
        #expect(parent == nil || parent?.traceID == TraceParentTests.trace)
        #expect(parent == nil || parent?.spanID == TraceParentTests.span)
    }

    @Test("tracestate is kept unless it is too long or has odd bytes")
    func state() {
        func state(_ text: String) -> String? {
            TraceParent(
                traceparent: "00-\(TraceParentTests.trace)-\(TraceParentTests.span)-01",
                tracestate: text)?.state
        }
        #expect(state("a=1,b=2") == "a=1,b=2")
        #expect(state(String(repeating: "a", count: 513)) == "")
        #expect(state("a=\u{7}") == "" && state("a=ä") == "")
    }

    @Test(
        "X-Amzn-Trace-Id is read",
        arguments: [
            ("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1", true),
            ("Root=1-5759e988-bd862e3fe1be46a994272793; Parent=53995c3f42cd8ad8; Sampled=0", false),
            ("Self=1-1-1;Root=1-5759e988-bd862e3fe1be46a994272793", nil),
            ("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=x;Sampled=?", nil),
        ] as [(String, Bool?)])
    func amazon(_ field: String, _ isSampled: Bool?) throws {
        let parent = try #require(TraceParent(amazon: field))
        #expect(parent.traceID == "5759e988bd862e3fe1be46a994272793")
        #expect(parent.spanID == (isSampled == nil ? nil : "53995c3f42cd8ad8"))
        #expect(parent.isSampled == isSampled)
    }

    @Test(
        "What is no X-Amzn-Trace-Id names no trace",
        arguments: [
            "", "Root=1-5759e988-bd86", "Root=2-5759e988-bd862e3fe1be46a994272793", "Root",
            "Root=1-00000000-000000000000000000000000", "Parent=53995c3f42cd8ad8",
        ])
    func noAmazon(_ field: String) { #expect(TraceParent(amazon: field) == nil) }
}
