import TextCNN

/// Weights of the form that `.keras` and `.weights.h5` have: groups by class and number.
final class CheckpointWeights: WeightSource {
    private let file: HDF5File
    private var groups: [String: [String]] = [:]

    /// The groups that hold layers at the root: of Keras 3 and 2.15, and of Keras 2.13.
    static let roots = ["layers", "_layer_checkpoint_dependencies"]

    init(_ file: HDF5File) { self.file = file }

    func numbers(
        of place: GraphBuilder.Place, name: String, index: Int, _ dimensions: [Int]
    ) throws -> [Float] {
        let group = try group(of: place)
        var path = group
        if name.hasPrefix("forward.") {
            path += ["forward_layer", "cell"]
        } else if name.hasPrefix("backward.") {
            path += ["backward_layer", "cell"]
        } else if place.isRecurrent {
            path += ["cell"]
        } else if place.isDistributed {
            path += ["layer"]
        }
        return try file.floats(path + ["vars", "\(index)"], dimensions)
    }

    /// The group of a layer: the computed one, unless names or numbers say otherwise.
    private func group(of place: GraphBuilder.Place) throws -> [String] {
        let key = place.path.joined(separator: "/")
        if let group = groups[key] { return group }
        let group = try search(place)
        groups[key] = group
        return group
    }

    private func search(_ place: GraphBuilder.Place) throws -> [String] {
        let name = Array(place.layer.name.utf8)
        let found = try self.name(of: place.path)
        if try file.exists(place.path), found == nil || found == name { return place.path }
        // Newer files give the layer's name: that decides.
        let others = try file.names(place.container)
        if let other = try others.first(where: { try self.name(of: place.container + [$0]) == name }
        ) {
            return place.container + [other]
        }
        if found != nil { return place.path }
        throw place.layer.refusal(
            "has no weights in the file: the group \(place.path.joined(separator: "/")) is missing; "
                + "save the model again, with its weights")
    }

    /// The layer's name that a group gives.
    private func name(of group: [String]) throws -> [UInt8]? {
        try file.strings(group + ["vars"], "name")?.first
    }
}
