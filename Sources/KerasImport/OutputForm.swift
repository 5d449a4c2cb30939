import TextCNN

/// What the numbers of a model's last layer are.
public enum OutputForm: String, Sendable {
    /// A probability of each label, by itself.
    case independent
    /// Probabilities that add up to 1.
    case exclusive
    /// Logits: a probability's logarithm of odds, or numbers for a softmax.
    case logits

    /// Turns the layers of a model into ones that give logits.
    ///
    /// A last sigmoid or softmax is left out; probabilities that come about in another way are
    /// turned back.
    ///
    /// - Returns: what the model's own output was.
    static func removeActivation(_ graph: inout LayerGraph) -> OutputForm {
        let form = form(graph, graph.layers.count)
        guard form != .logits else { return form }
        if removed(&graph, form) { return form }
        graph.layers.append(
            LayerGraph.Node(
                name: "logits", inputs: [graph.layers.count],
                operation: .activation(form == .exclusive ? .log : .logit),
                layer: graph.layers.count))
        return form
    }

    private static func form(_ activation: LayerActivation) -> OutputForm {
        switch activation {
        case .sigmoid, .hardSigmoid, .hardSigmoid2: .independent
        case .softmax: .exclusive
        default: .logits
        }
    }

    private static func form(_ graph: LayerGraph, _ value: Int) -> OutputForm {
        guard value > 0 else { return .logits }
        let node = graph.layers[value - 1]
        switch node.operation {
        case .dense(_, _, let activation), .activation(let activation): return form(activation)
        case .convolution(let convolution), .separable(let convolution, _, _):
            return form(convolution.activation)
        case .softmax: return .exclusive
        case .identity, .dropMask, .flatten, .reshape, .globalPooling, .pooling:
            return form(graph, node.inputs[0])
        case .merge(.average, _, _), .merge(.maximum, _, _), .merge(.minimum, _, _):
            let forms = node.inputs.map { form(graph, $0) }
            return forms.allSatisfy { $0 == forms[0] } ? forms[0] : .logits
        case .merge(.multiply, _, _), .concatenate:
            // Side by side or multiplied, numbers no longer add up to 1.
            let areProbabilities = node.inputs.allSatisfy { form(graph, $0) != .logits }
            return areProbabilities ? .independent : .logits
        default: return .logits
        }
    }

    /// Leaves out the last activation, if it is the layer's that computes the output.
    private static func removed(_ graph: inout LayerGraph, _ form: OutputForm) -> Bool {
        var index = graph.layers.count - 1
        while true {
            let node = graph.layers[index]
            let isShared =
                graph.layers.indices.contains {
                    $0 != index && graph.layers[$0].layer == node.layer
                }
                || graph.layers.count { $0.inputs.contains(index + 1) } > 1
            guard !isShared else { return false }
            switch node.operation {
            case .identity, .dropMask: index = node.inputs[0] - 1
            case .flatten, .reshape:
                guard form == .independent else { return false }
                index = node.inputs[0] - 1
            case .activation(.sigmoid), .activation(.softmax), .softmax:
                graph.layers[index].operation = .identity
                return true
            case .dense(let units, let usesBias, .sigmoid),
                .dense(let units, let usesBias, .softmax):
                graph.layers[index].operation = .dense(
                    units: units, usesBias: usesBias, activation: .linear)
                return true
            default: return false
            }
            guard index >= 0 else { return false }
        }
    }
}
