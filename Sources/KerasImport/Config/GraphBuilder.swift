import TextCNN

/// Turns the config of a model, with the models inside it, into one graph of layers.
final class GraphBuilder {
    /// Where a layer's weights are in the file.
    struct Place {
        /// The layer.
        var layer: KerasLayer
        /// The path of its group in weights of the new form.
        var path: [String]
        /// The name of the layer of the outermost model, whose group has them in the legacy form.
        var outermost: String
        /// The group's container and class, to look for it when the path is wrong.
        var container: [String]
    }

    /// What a layer gets.
    enum Value {
        case text
        /// A value of the graph.
        case number(Int)
    }

    /// What is known of the mask of a value.
    enum Mask: Equatable {
        case none
        /// The one that began at a layer.
        case from(Int)
        /// One that this version of Keras may or may not keep.
        case unclear
    }

    var layers: [LayerGraph.Node] = []
    /// The place of the weights, by the index of the layer.
    var places: [Int: Place] = [:]
    /// The layer that reads the text, and its group.
    var textLayer: Place?
    var length: Int?
    /// The policy of the first layer that Keras computes in 16 bits.
    var shortFloats: String?
    let version: KerasVersion
    /// The group that holds the layers of a container: `layers`, or Keras 2.13's name.
    let layersGroup: String
    var countsTwice: Bool { layersGroup != "layers" }
    var shapes: [[Int?]] = []
    var masks: [Mask] = [.none]
    var uses: [String: Int] = [:]
    var depth = 0

    /// Models in models, and layers on a path, at most.
    static let deepest = 16
    static let longestPath = 500

    /// - Parameters:
    ///   - version: the version of Keras that wrote the config.
    ///   - length: ids of a text, where the text step says so.
    ///   - layersGroup: the group of the layers at the root of the weights.
    init(_ version: KerasVersion, length: Int?, layersGroup: String) {
        self.version = version
        self.length = length
        self.layersGroup = layersGroup
    }

    /// Builds the graph of a whole model.
    ///
    /// - Throws: `Refusal`.
    func build(_ config: JSON) throws -> LayerGraph {
        let model = try KerasLayer(config)
        guard model.isModel else {
            throw model.refusal("is no Sequential or Functional model; build it from these")
        }
        let input = try inputOf(model)
        if let length, !(1...LayerGraph.Limit.length).contains(length) {
            throw Refusal(
                "takes \(length) ids of a text; 1 to \(LayerGraph.Limit.length) are possible")
        }
        shapes = [[length]]
        guard
            case .number(let output) = try apply(
                model, to: [input], path: [layersGroup], outermost: nil)
        else { throw Refusal("the model has no layer that computes numbers") }
        guard output == layers.count || output > 0 else {
            throw Refusal("the model has no layers")
        }
        return LayerGraph(length: length, layers: ordered(output))
    }

    /// The layers with that of the output last; others that nothing reads are left in front.
    private func ordered(_ output: Int) -> [LayerGraph.Node] {
        guard output < layers.count else { return layers }
        return layers + [
            LayerGraph.Node(
                name: layers[output - 1].name, inputs: [output], operation: .identity,
                layer: layers.count)
        ]
    }
}
