#!/usr/bin/env python3
"""A collector of traces that checks each request against OpenTelemetry's message types.

    collector.py FILE

Listens on a free port of loopback, which is the first line it writes to FILE. Each further line is
a span as JSON, or {"fault": …} for a request that is none. Needs opentelemetry-proto.
"""

import base64
import http.server
import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2


def with_bytes(value):
    """OTLP has identifiers in hexadecimal where protobuf's JSON has base64."""
    if isinstance(value, dict):
        return {
            key: base64.b64encode(bytes.fromhex(item)).decode()
            if key in ("traceId", "spanId", "parentSpanId") else with_bytes(item)
            for key, item in value.items()}
    if isinstance(value, list):
        return [with_bytes(item) for item in value]
    return value


def spans(body, fields):
    if fields.get_content_type() != "application/json":
        raise ValueError(fields.get_content_type())
    # Parse refuses names and types that the schema does not have.
    request = json_format.Parse(
        json.dumps(with_bytes(json.loads(body))), trace_service_pb2.ExportTraceServiceRequest())
    for resource in request.resource_spans:
        names = {item.key: item.value.string_value for item in resource.resource.attributes}
        if names["service.name"] != "siftd":
            raise ValueError(names)
        for scope in resource.scope_spans:
            for span in scope.spans:
                if len(span.trace_id) != 16 or len(span.span_id) != 8 or not span.name:
                    raise ValueError(span)
                if not 0 < span.start_time_unix_nano <= span.end_time_unix_nano:
                    raise ValueError(span)
                yield {
                    "trace": span.trace_id.hex(), "span": span.span_id.hex(),
                    "parent": span.parent_span_id.hex(), "name": span.name,
                    "milliseconds": (span.end_time_unix_nano - span.start_time_unix_nano) / 1e6,
                    "start": span.start_time_unix_nano, "end": span.end_time_unix_nano,
                    "attributes": sorted(item.key for item in span.attributes)}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            if self.path != "/v1/traces":
                raise ValueError(self.path)
            lines = [json.dumps(span) for span in spans(body, self.headers)]
        except (ValueError, KeyError, json_format.ParseError) as error:
            lines = [json.dumps({"fault": str(error)})]
        output.write("".join(line + "\n" for line in lines))
        output.flush()
        answer = b"{}"
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


output = open(sys.argv[1], "w", encoding="utf-8")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
output.write(f"{server.server_port}\n")
output.flush()
server.serve_forever()
