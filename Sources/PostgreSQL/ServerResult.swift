import CPostgreSQL

/// One answer of the server, which libpq keeps for as long as this object lives.
final class ServerResult {
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(pointer) }

    /// The command that was done, such as `COMMIT` or `INSERT 0 1`.
    var command: String { String(cString: PQcmdStatus(pointer)) }

    /// The reason why the statement failed; nil when it did not.
    var error: PostgreSQLError? {
        let status = PQresultStatus(pointer)
        switch status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return nil
        default: break
        }
        let state = field(siftd_pg_sqlstate)
        let reason =
            field(siftd_pg_message)
            ?? String(cString: PQresultErrorMessage(pointer)).split(whereSeparator: \.isNewline)
            .first.map(String.init) ?? "unexpected answer \(status.rawValue)"
        // Without a code the text is libpq's: the connection broke.
        let kind = state.map { PostgreSQLError.Kind(sqlState: $0) } ?? .unavailable
        var error = PostgreSQLError(kind, reason, sqlState: state)
        error.constraint = field(siftd_pg_constraint)
        return error
    }

    private func field(_ code: Int32) -> String? {
        PQresultErrorField(pointer, code).map { String(cString: $0) }
    }

    /// The rows as values.
    func rows() throws(PostgreSQLError) -> PostgreSQLRows {
        let width = PQnfields(pointer)
        let types = (0..<width).map { PQftype(pointer, $0) }
        var answer = PostgreSQLRows()
        answer.columns = (0..<width).map { String(cString: PQfname(pointer, $0)) }
        answer.affected = Int(String(cString: PQcmdTuples(pointer))) ?? 0
        let count = PQntuples(pointer)
        answer.rows.reserveCapacity(Int(count))
        for row in 0..<count {
            var values: [PostgreSQLValue] = []
            values.reserveCapacity(Int(width))
            for column in 0..<width {
                values.append(try value(row, column, type: types[Int(column)]))
            }
            answer.rows.append(PostgreSQLRow(values: values))
        }
        return answer
    }

    private func value(
        _ row: Int32, _ column: Int32, type: UInt32
    ) throws(PostgreSQLError) -> PostgreSQLValue {
        if PQgetisnull(pointer, row, column) == 1 { return .null }
        // libpq's bytes live as long as the result does.
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(pointer, row, column), count: Int(PQgetlength(pointer, row, column)))
        guard let value = PostgreSQLValue(type: type, wire: bytes) else {
            throw PostgreSQLError(
                .invalid, "column \(column + 1) has the type \(type), which the statement must cast"
            )
        }
        return value
    }
}

/// A prepared statement with values.
struct StatementCall {
    let name: String
    let parameters: [PostgreSQLValue]

    /// Hands it to libpq, which copies the values; returns 1, or 0 when it can't.
    func send(_ handle: OpaquePointer) -> Int32 {
        let wires = parameters.map(\.wire)
        // All values behind one another, so that one pointer reaches them.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(wires.reduce(1) { $0 + ($1?.count ?? 0) })
        var offsets: [Int?] = []
        for wire in wires {
            offsets.append(wire.map { _ in bytes.count })
            bytes += wire ?? []
        }
        // The address of an empty value must be one, or it would be NULL.
        bytes.append(0)
        let lengths = wires.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: parameters.count)
        return bytes.withUnsafeBytes { buffer in
            let base = buffer.bindMemory(to: CChar.self).baseAddress
            let values = offsets.map { offset in offset.flatMap { base?.advanced(by: $0) } }
            return PQsendQueryPrepared(
                handle, name, Int32(parameters.count), values, lengths, formats, 1)
        }
    }
}
