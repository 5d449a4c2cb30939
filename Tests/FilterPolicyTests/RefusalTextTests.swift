import FilterPolicy
import Testing

@Suite struct RefusalTextTests {
    @Test(
        "Codes of a refusal belong together",
        arguments: [
            ("550", "5.7.1", true, true), ("554", "5.7.1", true, true),
            ("450", "4.7.1", false, true), ("450", "5.7.1", false, false),
            ("550", "4.7.1", true, false), ("55", "5.7.1", true, false),
            ("550", "5.7", true, false), ("5x0", "5.7.1", true, false),
            ("550", "5.7.1", false, false),
        ])
    func codes(_ code: String, _ status: String, _ permanent: Bool, _ isRight: Bool) {
        let defect = RefusalText.defect(code: code, status: status, permanent: permanent)
        #expect((defect == nil) == isRight)
    }

    @Test("A mistake is described by what is expected")
    func mistakes() {
        #expect(
            RefusalText.defect(code: "450", status: "5.7.1", permanent: true)
                == "must be a code of three digits that begins with 5")
        #expect(
            RefusalText.defect(code: "450", status: "5.7.1", permanent: false)
                == "must be an enhanced code such as 4.7.1")
    }

    @Test(
        "The queue id is filled in wherever it is asked for",
        arguments: [
            ("No", "4X", "No"), ("No: {queue_id}", "4X", "No: 4X"),
            ("{queue_id}/{queue_id}", "4X", "4X/4X"), ("No: {queue_id}", "", "No: NOQUEUE"),
        ])
    func queueID(_ text: String, _ queueID: String, _ result: String) {
        #expect(RefusalText("550", "5.7.1", text).text(queueID: queueID) == result)
    }
}
