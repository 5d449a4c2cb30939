import Foundation

/// Spans as `ExportTraceServiceRequest` of OTLP in JSON: identifiers are hexadecimal, 64-bit
/// integers texts.
struct TraceDocument: Encodable {
    private struct ResourceSpans: Encodable {
        let resource: Resource
        let scopeSpans: [ScopeSpans]
    }

    private struct Resource: Encodable {
        let attributes: [Attribute]
    }

    private struct ScopeSpans: Encodable {
        let scope: Scope
        let spans: [Span]
    }

    private struct Scope: Encodable {
        let name: String
        let version: String
    }

    private struct Span: Encodable {
        let traceId: String
        let spanId: String
        let parentSpanId: String?
        let traceState: String?
        let name: String
        let kind: Int
        let startTimeUnixNano: String
        let endTimeUnixNano: String
        let attributes: [Attribute]
        let status: Status?

        init(_ record: SpanRecord) {
            traceId = record.traceID
            spanId = record.spanID
            parentSpanId = record.parentID
            traceState = record.state.isEmpty ? nil : record.state
            name = record.name
            kind = record.kind
            startTimeUnixNano = "\(record.start)"
            endTimeUnixNano = "\(record.end)"
            attributes = record.attributes.map { Attribute(key: $0.key, value: $0.value) }
            status = record.failure.map(Status.init)
        }
    }

    private struct Status: Encodable {
        let code = 2
        let message: String
    }

    private struct Attribute: Encodable {
        let key: String
        let value: SpanValue
    }

    private let resourceSpans: [ResourceSpans]

    /// A request with these spans of siftd.
    init(_ spans: [SpanRecord], version: String) {
        let resource = Resource(attributes: [
            Attribute(key: "service.name", value: .text("siftd")),
            Attribute(key: "service.version", value: .text(version)),
        ])
        let scope = Scope(name: "siftd", version: version)
        resourceSpans = [
            ResourceSpans(
                resource: resource,
                scopeSpans: [ScopeSpans(scope: scope, spans: spans.map(Span.init))])
        ]
    }

    func encoded() throws -> Data {
        let encoder = JSONEncoder()
        // The same spans give the same bytes.
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}

extension SpanValue: Encodable {
    private enum CodingKeys: String, CodingKey {
        case text = "stringValue"
        case integer = "intValue"
        case number = "doubleValue"
        case bool = "boolValue"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .text(let text): try container.encode(text, forKey: .text)
        case .integer(let number): try container.encode("\(number)", forKey: .integer)
        case .number(let number): try container.encode(number, forKey: .number)
        case .bool(let value): try container.encode(value, forKey: .bool)
        }
    }
}
