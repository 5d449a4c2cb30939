import Foundation
import TextCNN

/// The safetensors file format (https://huggingface.co/docs/safetensors), for 32-bit floats alone.
///
/// A file is an 8-byte little-endian length, a JSON header of that length with name, type,
/// dimensions and byte range of each tensor, and the little-endian numbers.
enum Safetensors {
    /// A file that is not of this format, or lacks a tensor.
    struct FormatError: Error, CustomStringConvertible {
        var reason: String
        var description: String { "weights.safetensors: \(reason)" }
    }

    private struct Entry: Codable {
        var dtype: String
        var shape: [Int]
        var data_offsets: [Int]
    }

    /// The largest header that is read, in bytes; ours has less than 1 KiB.
    private static let longestHeader = 1 << 20

    /// The bytes of a file with these tensors.
    static func encode(_ tensors: [NamedTensor]) throws -> [UInt8] {
        var entries: [String: Entry] = [:]
        var data: [UInt8] = []
        for tensor in tensors {
            let start = data.count
            tensor.values.withUnsafeBytes { data += $0 }
            entries[tensor.name] = Entry(
                dtype: "F32", shape: tensor.dimensions, data_offsets: [start, data.count])
        }
        var header = Array(try JSONEncoder.siftd(pretty: false).encode(entries))
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        var file: [UInt8] = []
        file.reserveCapacity(8 + header.count + data.count)
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { file += $0 }
        return file + header + data
    }

    /// Reads the tensors of a file; each is checked when it is asked for.
    struct Reader {
        private let file: [UInt8]
        private let dataStart: Int
        private let entries: [String: Entry]

        init(_ file: [UInt8]) throws {
            guard file.count >= 8 else {
                throw FormatError(reason: "shorter than its length field")
            }
            var length: UInt64 = 0
            for index in (0..<8).reversed() { length = length << 8 | UInt64(file[index]) }
            guard length <= longestHeader, Int(length) + 8 <= file.count else {
                throw FormatError(reason: "the header length \(length) is impossible")
            }
            self.file = file
            dataStart = 8 + Int(length)
            do {
                entries = try JSONDecoder().decode(
                    [String: Entry].self, from: Data(file[8..<dataStart]))
            } catch {
                throw FormatError(reason: "the header is not a JSON object of tensors")
            }
        }

        /// The numbers of a tensor.
        ///
        /// - Parameters:
        ///   - name: its name.
        ///   - dimensions: those it must have.
        /// - Returns: as many numbers as the product of the dimensions, all finite.
        /// - Throws: ``FormatError``.
        func values(_ name: String, _ dimensions: [Int]) throws -> [Float] {
            guard let entry = entries[name] else {
                throw FormatError(reason: "\(name) is missing")
            }
            let count = dimensions.reduce(1, *)
            guard entry.dtype == "F32", entry.shape == dimensions, entry.data_offsets.count == 2,
                entry.data_offsets.allSatisfy({ $0 >= 0 }),
                entry.data_offsets[1] - entry.data_offsets[0] == count * 4,
                entry.data_offsets[1] <= file.count - dataStart
            else {
                throw FormatError(reason: "\(name) is not F32 \(dimensions)")
            }
            let start = dataStart + entry.data_offsets[0]
            let values = floats(file[start..<(start + count * 4)], count)
            guard values.allSatisfy(\.isFinite) else {
                throw FormatError(reason: "\(name) holds a number that is not finite")
            }
            return values
        }
    }

    private static func floats(_ bytes: ArraySlice<UInt8>, _ count: Int) -> [Float] {
        bytes.withUnsafeBytes { buffer in
            (0..<count).map {
                Float(
                    bitPattern: UInt32(
                        littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
                )
            }
        }
    }
}
