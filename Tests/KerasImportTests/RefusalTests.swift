import FilterTestKit
import Foundation
import KerasImport
import Models
import Testing

/// Files that must not become models: each is refused in one line that names what is wrong.
@Suite struct RefusalTests {
    private static let kim = Checkout.file("Tests/Fixtures/keras/kim")

    private func refusal(
        _ model: String, _ text: KerasTextOptions = KerasTextOptions()
    ) throws -> String {
        var options = KerasImport.Options(model: model)
        options.text = text
        let error = try #require(throws: KerasImportError.self) { try KerasImport(options) }
        #expect(!error.description.contains("\n"))
        return error.description
    }

    /// The small model with another architecture, which Python writes into its archive.
    private func changed(_ folder: TemporaryFolder, _ change: String) throws -> String {
        let path = folder.file("model.keras")
        let script = """
            import json, zipfile
            source = zipfile.ZipFile('\(RefusalTests.kim)/model.keras')
            config = json.loads(source.read('config.json'))
            layers = {layer['config']['name'].rsplit('_', 1)[0] if layer['class_name'] != 'Embedding'
                      else 'embedding': layer for layer in config['config']['layers']}
            first = [layer for layer in config['config']['layers'] if layer['class_name'] == 'Conv1D'][0]
            dense = [layer for layer in config['config']['layers'] if layer['class_name'] == 'Dense'][0]
            \(change)
            with zipfile.ZipFile('\(path)', 'w') as target:
                for name in source.namelist():
                    content = json.dumps(config) if name == 'config.json' else source.read(name)
                    target.writestr(name, content)
            """
        let output = try Command.run("/usr/bin/python3", ["-c", script])
        try #require(output.status == 0, "\(output.err)")
        return path
    }

    @Test("A model that Keras computes in 16 bits is noted, with the tolerance it needs")
    func shortFloats() throws {
        let folder = try TemporaryFolder()
        var options = KerasImport.Options(
            model: try changed(folder, "dense['config']['dtype'] = 'mixed_bfloat16'"))
        options.text = try KerasTextOptions(path: "\(RefusalTests.kim)/expected.json")
        let notes = try KerasImport(options).notes
        #expect(notes.contains { $0.contains("mixed_bfloat16") && $0.contains("1e-2") })
    }

    @Test(
        "A layer that siftd does not compute, or can't, is named",
        arguments: [
            ("dense['class_name'] = 'Lambda'", "Lambda"),
            ("dense['class_name'] = 'MultiHeadAttention'", "attention"),
            ("dense['class_name'] = 'Mystery'", "Mystery"),
            ("dense['class_name'] = 'Add'", "gets one input"),
            (
                "dense['class_name'] = 'RNN'; dense['config']['cell'] = {'class_name': 'LSTMCell'}",
                "RNN over LSTMCell"
            ),
            ("dense['registered_name'] = 'mine>Dense'", "mine>Dense"),
            ("dense['module'] = 'my.layers'", "author"),
            ("dense['config']['activation'] = 'celu'", "celu"),
            ("dense['config']['units'] = 5", "shape"),
            ("dense['config']['units'] = 10 ** 9", "units"),
            ("dense['config']['units'] = -1", "units"),
            ("dense['config']['units'] = 'x'", "units"),
            ("first['config']['strides'] = [2 ** 62]", "stride"),
            ("first['config']['kernel_size'] = [100]", "positions"),
            ("first['config']['groups'] = 3", "groups"),
            ("first['config']['data_format'] = 'channels_first'", "channels_first"),
            ("layers['embedding']['config']['input_dim'] = 2 ** 43", "input_dim"),
            ("config['config']['output_layers'] = [['nobody', 0, 0]]", "nobody"),
            ("config['config']['input_layers'] = []", "inputs"),
            ("config['config']['layers'][0]['config']['batch_shape'] = [None, 2 ** 62]", "ids"),
            (
                "first['class_name'] = 'ZeroPadding1D'; first['config']['padding'] = [2 ** 62] * 2",
                "pad"
            ),
            (
                "first['class_name'] = 'Cropping1D'; first['config']['cropping'] = [2 ** 62] * 2",
                "crop"
            ),
            ("config['config']['layers'] = config['config']['layers'] * 400", "layers"),
            ("config['class_name'] = 'Model2'", "Model2"),
            (
                "dense['inbound_nodes'][0]['args'] = [dense['inbound_nodes'][0]['args'][0]] * 2",
                "inputs"
            ),
        ])
    func layers(_ change: String, _ word: String) throws {
        let folder = try TemporaryFolder()
        let text = try refusal(try changed(folder, change))
        #expect(text.contains(word), "\(text)")
    }

    @Test("A circle of layers is refused")
    func circle() throws {
        let folder = try TemporaryFolder()
        let path = try changed(
            folder,
            """
            dense['inbound_nodes'][0]['args'][0]['config']['keras_history'][0] = dense['config']['name']
            """)
        #expect(try refusal(path).contains("circle"))
    }

    @Test("The first bytes say what a file is, and what is no model is refused")
    func forms() throws {
        let folder = try TemporaryFolder()
        let cases: [(String, [UInt8], String)] = [
            ("a.keras", [], "damaged"), ("b.keras", Array("PK\u{3}\u{4}".utf8), "zip"),
            ("c.h5", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "HDF5"),
            ("d.pkl", [0x80, 0x04, 0x95], "pickle"), ("e.json", Array("{".utf8), "JSON"),
            ("f.json", Array("{}".utf8), "class_name"),
        ]
        for (name, bytes, word) in cases {
            let text = try refusal(try folder.write(name, bytes))
            #expect(text.contains(word) && text.contains(name), "\(text)")
        }
        #expect(try refusal(folder.file("nothing")).contains("exist"))
    }

    @Test("A pipe is refused; nothing waits for who might write", .timeLimit(.minutes(1)))
    func pipe() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("pipe.keras")
        try #require(mkfifo(path, 0o600) == 0)
        #expect(try refusal(path).contains("no file"))
        #expect(try refusal("/dev/zero").contains("no file"))
        var text = KerasTextOptions()
        text.kind = .tokenizer
        text.file = path
        #expect(try refusal(RefusalTests.kim + "/model.keras", text).contains("no file"))
    }

    @Test("Every truncation of an archive is refused")
    func truncated() throws {
        let folder = try TemporaryFolder()
        let url = URL(fileURLWithPath: RefusalTests.kim + "/model.keras")
        let bytes = Array(try Data(contentsOf: url))
        for length in stride(from: 0, to: bytes.count, by: max(bytes.count / 40, 1)) {
            _ = try refusal(try folder.write("model.keras", Array(bytes[..<length])))
        }
    }

    @Test("What no file says is asked for by the option's name")
    func questions() throws {
        let model = RefusalTests.kim + "/model.keras"
        #expect(try refusal(model).contains("--tokenizer"))
        var text = KerasTextOptions()
        text.kind = .tokenizer
        text.file = RefusalTests.kim + "/word_index.json"
        #expect(try refusal(model, text).contains("--padding"))
        text.set("padding", "pre")
        #expect(try refusal(model, text).contains("--truncating"))
        text.set("truncating", "pre")
        text.set("maxlen", 99)
        #expect(try refusal(model, text).contains("99"))
    }

    @Test("A pickled tokenizer is never loaded, and the way out is named")
    func pickle() throws {
        let folder = try TemporaryFolder()
        var text = KerasTextOptions()
        text.kind = .tokenizer
        text.file = try folder.write("tokenizer.pickle", [0x80, 0x04, 0x95, 0x2E])
        let message = try refusal(RefusalTests.kim + "/model.keras", text)
        #expect(message.contains("pickle") && message.contains("to_json"))
    }

    @Test(
        "The reference set's files are refused with the words it asks for",
        .enabled(if: SharedKerasModels.isPresent, "the reference models are absent"),
        arguments: SharedKerasModels.folders(refused: true))
    func references(_ folder: String) throws {
        struct Expected: Decodable {
            var message_has_one_of: [String]
        }
        let expected = try JSONDecoder().decode(
            Expected.self,
            from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/expected.json")))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let model = files.first { $0.hasPrefix("model.") }.map { "\(folder)/\($0)" } ?? folder
        var text = KerasTextOptions()
        if files.contains("tokenizer.pickle") {
            text.kind = .tokenizer
            text.file = "\(folder)/tokenizer.pickle"
        }
        let message = try refusal(model, text)
        #expect(expected.message_has_one_of.contains { message.contains($0) }, "\(message)")
    }
}
