import Models
import TextCNN

/// A network of siftd's own in a form that other programs open.
///
/// The input is `ids`, the ids of messages, filled up with 0 at the end; a model with a linear term
/// has a second input, `buckets`, those of its words and pairs, filled up with the number of
/// buckets. The output is the logits before calibration.
///
/// A model that scores by segments has segments in place of messages, and an input `blocked` beside
/// `ids`, `[batch, tokens, 1]`: −1e9 where no window may begin, else 0. See "Export" in
/// `docs/keras.md`.
public enum ModelExport {
    /// A form.
    public enum Format: String, CaseIterable, Sendable {
        /// An archive for `keras.models.load_model` of Keras 3.
        case keras
        /// A graph of ONNX operators, version 17.
        case onnx
        /// The weights alone.
        case safetensors
    }

    /// The bytes of a file.
    ///
    /// - Parameters:
    ///   - bundle: a network of siftd's own.
    ///   - format: the form.
    /// - Returns: the content of the file.
    /// - Throws: ``KerasImportError`` for an imported model, whose original is the better file.
    public static func file(_ bundle: ModelBundle, as format: Format) throws -> [UInt8] {
        if format == .safetensors { return try bundle.safetensors() }
        guard let network = bundle.network else {
            throw KerasImportError(
                file: bundle.configuration.id,
                reason: "was imported; use the file it came from, or --format safetensors")
        }
        return try format == .keras
            ? KerasArchive(network).bytes() : ONNXGraph(network).bytes()
    }
}

extension Network {
    /// The kernel of a width, `[width, embedding, filters]` as Keras has it.
    func kernel(ofWidthAt index: Int) -> [Float] {
        let shape = parameters.shape
        let width = shape.widths[index]
        let first = shape.firstRow(ofWidthAt: index)
        var kernel: [Float] = []
        kernel.reserveCapacity(width * shape.embedding * shape.filters)
        for offset in 0..<width {
            for channel in 0..<shape.embedding {
                for filter in 0..<shape.filters {
                    let row = first + offset * shape.filters + filter
                    kernel.append(parameters.kernels[row * shape.embedding + channel])
                }
            }
        }
        return kernel
    }

    /// The biases of a width, `[filters]`.
    func bias(ofWidthAt index: Int) -> [Float] {
        let filters = parameters.shape.filters
        return Array(parameters.kernelBias[(index * filters)..<((index + 1) * filters)])
    }

    /// A matrix `[rows, columns]` with rows and columns exchanged.
    static func transposed(_ matrix: [Float], rows: Int) -> [Float] {
        let columns = matrix.count / max(rows, 1)
        return (0..<matrix.count).map { matrix[$0 % rows * columns + $0 / rows] }
    }
}
