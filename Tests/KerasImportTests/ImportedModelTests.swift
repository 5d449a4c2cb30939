import FilterTestKit
import Foundation
import KerasImport
import MailText
import Models
import Testing
import TextCNN

/// Models that Keras saved give what Keras gives: the small ones of `Tests/Fixtures/keras`, and the
/// reference models where they are present.
@Suite struct ImportedModelTests {
    private static let small = ["average", "kim", "kim-h5", "open", "recurrent", "stack"].map {
        Checkout.file("Tests/Fixtures/keras/\($0)")
    }

    /// The model of a folder.
    private static func model(_ folder: String) throws -> String {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let names = ["model.keras", "model.h5", "model.json"]
        return "\(folder)/" + (names.first { files.contains($0) } ?? "")
    }

    private static func imported(_ folder: String) throws -> KerasImport {
        var options = KerasImport.Options(model: try model(folder))
        options.text = try KerasTextOptions(path: "\(folder)/expected.json")
        return try KerasImport(options)
    }

    private func check(_ folder: String) throws {
        let imported = try ImportedModelTests.imported(folder)
        let parity = try ParityCheck(path: "\(folder)/expected.json")
        let result = parity.run(ScoringModel(imported.bundle), form: imported.form)
        #expect(result.agrees(within: 1e-5), "\(result.line), \(result.first ?? "")")
    }

    @Test("Ids and outputs are those of Keras", arguments: small)
    func parity(_ folder: String) throws { try check(folder) }

    @Test(
        "Ids and outputs of the reference models are those of Keras",
        .enabled(if: SharedKerasModels.isPresent, "the reference models are absent"),
        arguments: SharedKerasModels.folders(refused: false))
    func references(_ folder: String) throws { try check(folder) }

    @Test("A written bundle scores as the import did, bit for bit", arguments: small)
    func roundTrip(_ folder: String) throws {
        let imported = try ImportedModelTests.imported(folder)
        let temporary = try TemporaryFolder()
        try imported.bundle.write(to: temporary.file("model"))
        let read = try ScoringModel(directory: temporary.file("model"))
        let written = ScoringModel(imported.bundle)
        let content = MailContent(message: Array("Subject: x\n\nwin a free prize now".utf8))
        let ids = written.ids(of: content)
        #expect(read.ids(of: content) == ids)
        #expect(read.score(ids).logits == written.score(ids).logits)
        #expect(read.serving == written.serving)
    }

    @Test("A text scores the same alone and among others", arguments: small)
    func batches(_ folder: String) throws {
        let model = ScoringModel(try ImportedModelTests.imported(folder).bundle)
        let texts = ["", "win", "win a free prize", "see you", "call now call now", "prize prize"]
        let ids = texts.map { model.ids(of: MailContent(message: Array("\n\($0)".utf8))) }
        let together = model.score(ids + ids.reversed())
        for (index, one) in (ids + ids.reversed()).enumerated() {
            #expect(model.score(one).logits == together[index].logits)
        }
    }

    @Test("Tables serve a model of parallel convolutions, layers the others")
    func path() throws {
        func serving(_ name: String) throws -> String {
            let folder = Checkout.file("Tests/Fixtures/keras/\(name)")
            return ScoringModel(try ImportedModelTests.imported(folder).bundle).serving
        }
        #expect(try serving("kim").hasPrefix("float32 tables"))
        #expect(try serving("kim-h5").hasPrefix("float32 tables"))
        #expect(try serving("stack") == "layers")
        #expect(try serving("recurrent") == "layers")
    }

    @Test("Shares of a model that ends in pooling add up to the logit and are exact")
    func explanation() throws {
        let content = MailContent(message: Array("Subject: hi\n\nwin a free prize now".utf8))
        for (name, isExact) in [("kim", true), ("average", true), ("recurrent", false)] {
            let folder = Checkout.file("Tests/Fixtures/keras/\(name)")
            let model = ScoringModel(try ImportedModelTests.imported(folder).bundle)
            let explanation = model.explain(content)
            let sum = explanation.reasons.reduce(explanation.base + explanation.others) {
                $0 + $1.share
            }
            #expect(abs(sum - explanation.logit) < 1e-4, "\(name)")
            #expect((explanation.isApproximate ?? false) == !isExact, "\(name)")
            #expect(!explanation.reasons.isEmpty, "\(name)")
        }
    }

    @Test("A text for which Keras has no number is unsure")
    func noNumber() throws {
        let folder = Checkout.file("Tests/Fixtures/keras/open")
        let model = ScoringModel(try ImportedModelTests.imported(folder).bundle)
        let ids = model.ids(of: MailContent(message: Array("\nfree".utf8)))
        #expect(model.outputs(of: ids) == nil)
        #expect(model.score(ids).probability == 0.5)
        #expect(!model.evidence(of: ids).hasNumber && model.evidence(of: ids).tokens < 0)
    }

    @Test("What fills up a text is not counted as its tokens")
    func tokens() throws {
        let folder = Checkout.file("Tests/Fixtures/keras/kim")
        let model = ScoringModel(try ImportedModelTests.imported(folder).bundle)
        let ids = model.ids(of: MailContent(message: Array("\nwin a free prize".utf8)))
        #expect(model.tokenCount(ids) == 4 && ids.count > 4)
    }

    @Test("Rounded tables are a choice with a small difference")
    func rounded() throws {
        let folder = Checkout.file("Tests/Fixtures/keras/kim")
        var imported = try ImportedModelTests.imported(folder)
        imported.bundle.configuration.tables = .int16
        let model = ScoringModel(imported.bundle)
        #expect(model.serving.hasPrefix("int16 tables"))
        let parity = try ParityCheck(path: "\(folder)/expected.json")
        let result = parity.run(model, form: imported.form)
        #expect(result.idDifferences == 0 && result.largest < 1e-3 && result.largest > 0)
    }

    @Test("A wrong result is found")
    func wrong() throws {
        let folder = Checkout.file("Tests/Fixtures/keras/kim")
        let imported = try ImportedModelTests.imported(folder)
        let temporary = try TemporaryFolder()
        let path = try temporary.write(
            "cases.json", #"{"cases": [{"text": "free prize", "output": [0.123]}]}"#)
        let result = try ParityCheck(path: path).run(
            ScoringModel(imported.bundle), form: imported.form)
        #expect(!result.agrees(within: 1e-5) && result.count == 1)
    }
}
