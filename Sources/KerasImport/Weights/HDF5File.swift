import CHDF5

/// An HDF5 file in memory, read with bounds.
///
/// Links other than hard ones, external storage and virtual datasets are refused, so nothing
/// outside the file is ever opened.
final class HDF5File {
    private let file: hid_t

    /// The first bytes of every HDF5 file.
    static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Numbers of a chunk at most: the library reads chunks as a whole.
    private static let largestChunk: UInt64 = 1 << 26
    /// Links of a group at most.
    private static let mostLinks = 20_000
    /// Bytes of a name at most.
    private static let longestName = 1_024
    /// Bytes of an attribute at most.
    private static let largestAttribute = 1 << 26

    /// Opens a file.
    ///
    /// - Throws: `Refusal` when the bytes are no HDF5 file.
    init(_ bytes: [UInt8]) throws {
        file = HDF5Library.run { name in
            bytes.withUnsafeBytes { siftd_hdf5_open(name, $0.baseAddress, $0.count) }
        }
        guard file >= 0 else {
            throw Refusal("the HDF5 file is truncated or damaged; save the model again")
        }
    }

    deinit {
        let file = self.file
        _ = HDF5Library.run { _ in H5Fclose(file) }
    }

    /// Calls `body` with an object; returns nil when there is none at this path.
    private func withObject<Result>(
        _ path: [String], _ body: (hid_t) throws -> Result
    ) throws -> Result? {
        try HDF5Library.run { _ in try open(path, body) }
    }

    private func open<Result>(
        _ path: [String], _ body: (hid_t) throws -> Result
    ) throws -> Result? {
        var object = siftd_hdf5_open_object(file, "/")
        defer { if object >= 0 { H5Oclose(object) } }
        guard object >= 0 else { return nil }
        for name in path {
            guard !name.isEmpty, name != ".", H5Iget_type(object) == H5I_GROUP else { return nil }
            switch siftd_hdf5_link(object, name) {
            case 0: return nil
            case 1: break
            default:
                throw Refusal(
                    "the HDF5 file has a link \"\(name)\" that leads elsewhere; save the model again"
                )
            }
            let next = siftd_hdf5_open_object(object, name)
            H5Oclose(object)
            object = next
            guard object >= 0 else { return nil }
        }
        return try body(object)
    }

    /// Whether there is an object at this path.
    func exists(_ path: [String]) throws -> Bool { try withObject(path) { _ in true } ?? false }

    /// The names in a group, in alphabetical order; empty when there is no such group.
    func names(_ path: [String]) throws -> [String] {
        try withObject(path) { group -> [String] in
            guard H5Iget_type(group) == H5I_GROUP else { return [] }
            var names: [String] = []
            var name = [CChar](repeating: 0, count: HDF5File.longestName)
            while names.count < HDF5File.mostLinks {
                let length = siftd_hdf5_name(group, UInt64(names.count), &name, name.count)
                guard length >= 0 else { return names }
                names.append(
                    String(
                        decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
                        as: UTF8.self))
            }
            throw Refusal("the HDF5 file has a group of more than \(HDF5File.mostLinks) members")
        } ?? []
    }

    /// The numbers of a dataset that must have these dimensions, which are within the limits of a
    /// graph; a `Refusal` without such a dataset, or when a number is not finite.
    func floats(_ path: [String], _ dimensions: [Int]) throws -> [Float] {
        let name = path.joined(separator: "/")
        let values = try withObject(path) { data -> [Float] in
            guard H5Iget_type(data) == H5I_DATASET else {
                throw Refusal("has no numbers at \(name); save the model again")
            }
            let sizes = HDF5File.sizes(H5Dget_space(data))
            guard sizes == dimensions else {
                throw Refusal(
                    "has weights of shape \(sizes) at \(name) where config says \(dimensions)")
            }
            return try HDF5File.floats(data, name, dimensions)
        }
        guard let values else {
            throw Refusal("has no weights at \(name); save the model again, with its weights")
        }
        guard values.allSatisfy(\.isFinite) else {
            throw Refusal(
                "has a weight at \(name) that is not finite (NaN or infinite); train it again")
        }
        return values
    }

    private static func floats(_ data: hid_t, _ name: String, _ dimensions: [Int]) throws -> [Float]
    {
        let count = dimensions.reduce(1, *)
        let type = H5Dget_type(data)
        defer { H5Tclose(type) }
        let size = H5Tget_size(type)
        guard siftd_hdf5_is_plain(data, largestChunk) == 1 else {
            throw Refusal("has weights at \(name) that are stored elsewhere or packed oddly")
        }
        // A dataset may declare numbers that are not there; gzip makes weights little smaller.
        guard Int(clamping: H5Dget_storage_size(data)) >= count * size / 100 else {
            throw Refusal("has weights at \(name) that are declared but not stored")
        }
        var values = [Float](repeating: 0, count: count)
        switch H5Tget_class(type) {
        case H5T_FLOAT where [2, 4, 8].contains(size):
            guard siftd_hdf5_read_floats(data, &values) == 0 else {
                throw Refusal("has weights at \(name) that can't be read: the file is damaged")
            }
        case H5T_OPAQUE where size == 2:
            // bfloat16: the upper half of a 32-bit float.
            var halves = [UInt16](repeating: 0, count: count)
            guard siftd_hdf5_read_raw(data, type, &halves) == 0 else {
                throw Refusal("has weights at \(name) that can't be read: the file is damaged")
            }
            for (index, half) in halves.enumerated() {
                values[index] = Float(bitPattern: UInt32(half) << 16)
            }
        default: throw Refusal("has weights at \(name) that are not 16-, 32- or 64-bit floats")
        }
        return values
    }

    private static func sizes(_ space: hid_t) -> [Int] {
        defer { H5Sclose(space) }
        let rank = H5Sget_simple_extent_ndims(space)
        guard rank > 0, rank <= 32 else { return [] }
        var sizes = [hsize_t](repeating: 0, count: Int(rank))
        H5Sget_simple_extent_dims(space, &sizes, nil)
        return sizes.map { Int(clamping: $0) }
    }

    /// The strings of an attribute; nil when there is none.
    func strings(_ path: [String], _ attribute: String) throws -> [[UInt8]]? {
        try withObject(path) { object -> [[UInt8]]? in
            let handle = siftd_hdf5_open_attribute(object, attribute)
            guard handle >= 0 else { return nil }
            defer { H5Aclose(handle) }
            return try HDF5File.strings(handle, attribute)
        } ?? nil
    }

    /// The strings of an attribute that may be cut into numbered pieces.
    func pieces(_ path: [String], _ attribute: String) throws -> [[UInt8]]? {
        if let strings = try strings(path, attribute) { return strings }
        var result: [[UInt8]]?
        var number = 0
        while number < 1_000, let strings = try strings(path, "\(attribute)\(number)") {
            result = (result ?? []) + strings
            number += 1
        }
        return result
    }

    private static func strings(_ handle: hid_t, _ name: String) throws -> [[UInt8]]? {
        let type = H5Aget_type(handle)
        defer { H5Tclose(type) }
        guard H5Tget_class(type) == H5T_STRING else { return nil }
        let space = H5Aget_space(handle)
        let count = Int(clamping: H5Sget_simple_extent_npoints(space))
        guard count > 0 else {
            H5Sclose(space)
            return []
        }
        defer { H5Sclose(space) }
        let size = H5Tget_size(type)
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
        guard !overflow, bytes <= largestAttribute else {
            throw Refusal("the HDF5 attribute \(name) is larger than the limit of 64 MiB")
        }
        if H5Tis_variable_str(type) > 0 {
            var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
            guard H5Aread(handle, type, &pointers) >= 0 else {
                throw Refusal("the HDF5 attribute \(name) can't be read: the file is damaged")
            }
            defer { siftd_hdf5_free_strings(type, space, &pointers) }
            return pointers.map { pointer in
                // The library ends each string with a zero.
                pointer.map { Array(String(cString: $0).utf8) } ?? []
            }
        }
        var raw = [UInt8](repeating: 0, count: bytes)
        guard H5Aread(handle, type, &raw) >= 0 else {
            throw Refusal("the HDF5 attribute \(name) can't be read: the file is damaged")
        }
        return (0..<count).map { Array(raw[($0 * size)..<(($0 + 1) * size)].prefix { $0 != 0 }) }
    }
}
