import TextCNN

/// Weights of the legacy HDF5 form: a group for each layer of the outermost model, with a list of
/// the paths of its weights.
final class LegacyWeights: WeightSource {
    private let file: HDF5File
    private let root: [String]
    private var lists: [String: [String]] = [:]

    /// Weights whose groups are below a path of the file.
    init(_ file: HDF5File, root: [String]) {
        self.file = file
        self.root = root
    }

    func numbers(
        of place: GraphBuilder.Place, name: String, index: Int, _ dimensions: [Int]
    ) throws -> [Float] {
        let variable = String(name.split(separator: ".").last ?? "")
        let names = try list(place)
        let owners = try LegacyWeights.owners(place, name)
        let matches = names.filter { path in
            let parts = LegacyWeights.plain(path).split(separator: "/").map(String.init)
            // Keras 3 calls the only kernel of a DepthwiseConv1D just that.
            guard
                parts.last == variable
                    || parts.last == "kernel" && place.layer.className == "DepthwiseConv1D"
                        && variable == "depthwise_kernel"
            else { return false }
            let rest = Array(parts.dropLast())
            // Keras 3.0 writes bare names; then the group is the layer's.
            if rest.isEmpty { return place.outermost == place.layer.name && owners.allowsBare }
            return owners.paths.contains { owner in
                rest.suffix(owner.count) == owner[...]
                    // The cell's name may stand between.
                    || owners.hasCell && rest.dropLast().suffix(owner.count) == owner[...]
            }
        }
        guard let match = matches.first else {
            throw place.layer.refusal(
                "has no weight \(variable) in the file; save the model again, with its weights")
        }
        guard matches.count == 1 else {
            throw place.layer.refusal(
                "has several weights \(variable) in the file, because models in the model use the "
                    + "same names; save it as .keras")
        }
        let path = root + LegacyWeights.parts(place.outermost) + LegacyWeights.parts(match)
        return try file.floats(path, dimensions)
    }

    /// The paths that a weight's may have in front of the variable.
    private struct Owners {
        var paths: [[String]]
        var hasCell = false
        var allowsBare = true
    }

    private static func owners(_ place: GraphBuilder.Place, _ name: String) throws -> Owners {
        let layer = parts(place.layer.name)
        if place.isRecurrent { return Owners(paths: [layer], hasCell: true) }
        if place.isDistributed {
            let inner = place.layer.config["layer"]?["config"]?["name"]?.text ?? ""
            return Owners(paths: [layer, layer + parts(inner)])
        }
        guard place.layer.className == "Bidirectional" else { return Owners(paths: [layer]) }
        let isForward = name.hasPrefix("forward.")
        let forward = place.layer.config["layer"]?["config"]?["name"]?.text ?? ""
        let backward =
            place.layer.config["backward_layer"]?["config"]?["name"]?.text ?? forward
        let inner = isForward ? forward : backward
        let prefix = isForward ? "forward_" : "backward_"
        return Owners(
            paths: [layer + parts(inner), layer + parts(prefix + inner)], hasCell: true,
            allowsBare: false)
    }

    private static func parts(_ path: String) -> [String] {
        path.split(separator: "/").map(String.init)
    }

    /// A weight's path without the number of its output.
    private static func plain(_ path: String) -> String {
        path.hasSuffix(":0") ? String(path.dropLast(2)) : path
    }

    private func list(_ place: GraphBuilder.Place) throws -> [String] {
        if let list = lists[place.outermost] { return list }
        let group = root + LegacyWeights.parts(place.outermost)
        guard let names = try file.pieces(group, "weight_names") else {
            throw place.layer.refusal(
                "has no weights in the file; save the model again, with its weights")
        }
        let list = names.map { String(decoding: $0, as: UTF8.self) }
        lists[place.outermost] = list
        return list
    }
}
