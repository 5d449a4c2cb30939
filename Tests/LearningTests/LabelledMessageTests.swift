import Corpora
import FilterTestKit
import MailText
import Testing

@testable import Learning

@Suite struct LabelledMessageTests {
    private func message(_ path: String, label: String? = nil) -> CorpusMessage {
        CorpusMessage(set: "set", path: path, label: label, content: .text("text"))
    }

    @Test(
        "The label is the given one, else the directory's; ham and spam are found above topics",
        arguments: [
            ("1", "spam", .spam, "spam"), ("1", "SPAM", .spam, "spam"),
            ("spam/phishing/1", nil, .spam, "spam"), ("ham/1", "spam", .spam, "spam"),
            ("spam/phishing/1", nil, .exclusive, "phishing"), ("a/1", "b", .exclusive, "b"),
            ("1", "a|b", .several, "a|b"),
        ] as [(String, String?, Labelling, String)])
    func label(path: String, given: String?, labelling: Labelling, expected: String) throws {
        let labelled = try LabelledMessage(message(path, label: given), SplitFile(), labelling)
        #expect(labelled?.label == expected && labelled?.part == nil)
    }

    @Test(
        "A message without a label, or with one that can't be used, is an error that names it",
        arguments: [
            ("dir/1", nil, .spam, "has no label"), ("1", nil, .exclusive, "has no label"),
            ("1", "maybe", .spam, "neither ham nor spam"), ("1", "", .exclusive, "empty"),
            ("1", "|", .several, "empty"),
        ] as [(String, String?, Labelling, String)])
    func refused(path: String, given: String?, labelling: Labelling, reason: String) {
        #expect {
            try LabelledMessage(message(path, label: given), SplitFile(), labelling)
        } throws: {
            $0 is CorpusError && "\($0)".contains(reason) && "\($0)".contains("set: \(path)")
        }
    }

    @Test("A split file gives part and label, and leaves out what it doesn't list")
    func splits() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("set.split.tsv", "1\tspam\tdev\n2\tham\ttest\n")
        let splits = try SplitFile(paths: [path])
        let first = try LabelledMessage(message("1"), splits, .spam)
        #expect(first?.label == "spam" && first?.part == .dev)
        #expect(try LabelledMessage(message("2", label: "spam"), splits, .spam)?.label == "spam")
        #expect(try LabelledMessage(message("3", label: "spam"), splits, .spam) == nil)
    }

    @Test("Copies of a text are in one part, whatever their white space, and 80 % are for training")
    func parts() {
        var counts: [DataSplit: Int] = [:]
        for number in 0..<1_000 {
            let part = LabelledMessage.part(of: MailContent(plainText: "offer number \(number)"))
            counts[part, default: 0] += 1
            #expect(
                LabelledMessage.part(of: MailContent(plainText: " offer  number\n\(number) "))
                    == part)
        }
        #expect((750...850).contains(counts[.train] ?? 0))
        #expect((70...130).contains(counts[.dev] ?? 0) && (70...130).contains(counts[.test] ?? 0))
    }
}
