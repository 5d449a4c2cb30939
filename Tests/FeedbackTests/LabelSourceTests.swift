import Feedback
import Testing

@Suite struct LabelSourceTests {
    @Test(
        "A source reads back from its text",
        arguments: [
            ("admin", LabelSource.Kind.admin, "", 2, true),
            ("admin:Root", .admin, "root", 2, true),
            ("user:Alice@Example.org", .user, "alice@example.org", 1, false),
            ("trap:old@example.org", .trap, "old@example.org", 0, true),
            ("reply:alice@example.org", .reply, "alice@example.org", 0, false),
        ])
    func roundTrip(
        _ text: String, _ kind: LabelSource.Kind, _ subject: String, _ rank: Int, _ exempt: Bool
    ) throws {
        let source = try LabelSource(parsing: text)
        #expect(source.kind == kind && source.subject == subject)
        #expect(source.rank == rank && source.isExemptFromQuota == exempt)
        #expect(try LabelSource(parsing: source.description) == source)
    }

    @Test(
        "Names of siftd's own verdicts, and texts that name nobody, are refused",
        arguments: [
            ("siftd", "own verdicts"), ("verdict:spam", "own verdicts"),
            ("model:2026-11-21", "own verdicts"), ("Auto", "own verdicts"),
            ("user:siftd", "own verdicts"), ("user:siftd@mx.example.org", "own verdicts"),
            ("user", "names nobody"), ("user:", "names nobody"), ("reply:", "names nobody"),
            ("", "is none of"), ("bob@example.org", "is none of"),
            ("user:a\nb", "control characters"),
            ("user:" + String(repeating: "a", count: 321), "longer than"),
        ])
    func refused(_ text: String, _ reason: String) {
        #expect {
            try LabelSource(parsing: text)
        } throws: { "\($0)".contains(reason) }
    }

    @Test("A digest reads back from its digits, and only from all of them")
    func digest() throws {
        let digest = try Sample.digest(300)
        #expect(digest.description.hasPrefix("000000000000012c07"))
        #expect(MessageDigest(hex: digest.description.uppercased()) == digest)
        #expect(MessageDigest(hex: digest.description.dropLast()) == nil)
        #expect(MessageDigest(hex: String(repeating: "g", count: 64)) == nil)
        #expect(MessageDigest([1, 2, 3]) == nil)
    }
}
