import FilterTestKit
import Foundation
import KerasImport
import Models
import Testing
import TextCNN

/// Exports of siftd's own models; `Benchmarks/keras/export.py` opens them in Keras and ONNX
/// Runtime.
@Suite struct ModelExportTests {
    /// A trained model that reads messages as a whole.
    ///
    /// An import refuses the operations of a linear term.
    private func bundle(hasLinearTerm: Bool = false) throws -> ModelBundle {
        let tiny = try TinyModel.shared.get()
        let network = try #require(tiny.network)
        return ModelBundle(
            configuration: tiny.configuration, pipeline: tiny.pipeline,
            vocabulary: tiny.vocabulary,
            network: Network(network.parameters, linear: hasLinearTerm ? network.linear : nil),
            report: .null, card: "")
    }

    @Test(
        "A model that scores by segments takes what blocks windows as an input of its own",
        arguments: [ModelExport.Format.keras, .onnx])
    func segments(_ format: ModelExport.Format) throws {
        let whole = try ModelExport.file(bundle(hasLinearTerm: true), as: format)
        let segmented = try ModelExport.file(TinyModel.shared.get(), as: format)
        let name = Array("blocked".utf8)
        if format == .onnx {
            #expect(Data(whole).range(of: Data(name)) == nil)
            #expect(Data(segmented).range(of: Data(name)) != nil)
        }
        #expect(segmented.starts(with: whole.prefix(2)) && segmented.count > whole.count)
    }

    @Test("A model that is exported for Keras and imported again has the same logits")
    func roundTrip() throws {
        let bundle = try bundle()
        let network = try #require(bundle.network)
        let folder = try TemporaryFolder()
        var options = KerasImport.Options(
            model: try folder.write("model.keras", ModelExport.file(bundle, as: .keras)))
        options.text.kind = .integers
        let imported = try KerasImport(options)
        #expect(imported.form == .logits)
        let model = ScoringModel(imported.bundle)
        let vocabulary = network.parameters.shape.vocabulary
        var random = RandomSource(seed: 2)
        for length in [1, 2, 5, 40] {
            let ids = (0..<length).map { _ in Int32(random.nextIndex(below: vocabulary)) }
            let logits = try #require(model.outputs(of: ids))
            for (one, other) in zip(logits, network.logits(ids)) {
                #expect(abs(one - other) < 1e-5 * max(1, abs(other)))
            }
        }
    }

    @Test(
        "Every format is written, with the linear term too", arguments: ModelExport.Format.allCases)
    func formats(_ format: ModelExport.Format) throws {
        let bytes = try ModelExport.file(bundle(hasLinearTerm: true), as: format)
        let start: [UInt8] =
            switch format {
            case .keras: Array("PK".utf8)
            case .onnx: [0x08, 0x09]
            case .safetensors: []
            }
        #expect(bytes.starts(with: start) && bytes.count > 1_000)
    }

    @Test("An imported model is not exported in another form")
    func imported() throws {
        let folder = Checkout.file("Tests/Fixtures/keras/kim")
        var options = KerasImport.Options(model: folder + "/model.keras")
        options.text = try KerasTextOptions(path: folder + "/expected.json")
        let bundle = try KerasImport(options).bundle
        #expect(throws: KerasImportError.self) { try ModelExport.file(bundle, as: .keras) }
        #expect(try !ModelExport.file(bundle, as: .safetensors).isEmpty)
    }
}
