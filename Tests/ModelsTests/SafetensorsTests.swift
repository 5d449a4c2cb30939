import Foundation
import Testing
import TextCNN

@testable import Models

@Suite struct SafetensorsTests {
    private static let tensors = [
        NamedTensor(name: "a", dimensions: [2, 3], values: [1, -2, 0.5, 4, 1e-30, -3e38]),
        NamedTensor(name: "empty", dimensions: [0, 4], values: []),
        NamedTensor(name: "b.weight", dimensions: [1], values: [7]),
    ]

    /// A file with this header and as many zero bytes of data.
    private func file(_ header: String, data: Int = 64) -> [UInt8] {
        let bytes = Array(header.utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) }
        return length + bytes + [UInt8](repeating: 0, count: data)
    }

    @Test("Tensors read back, and the data begin at a multiple of eight bytes")
    func roundTrip() throws {
        let bytes = try Safetensors.encode(SafetensorsTests.tensors)
        let reader = try Safetensors.Reader(bytes)
        for tensor in SafetensorsTests.tensors {
            #expect(try reader.values(tensor.name, tensor.dimensions) == tensor.values)
        }
        #expect((8 + Int(bytes[0]) + Int(bytes[1]) << 8) % 8 == 0)
    }

    @Test("The file is the one that other programs write")
    func bytes() throws {
        let bytes = try Safetensors.encode([
            NamedTensor(name: "x", dimensions: [1], values: [1])
        ])
        let header = #"{"x":{"data_offsets":[0,4],"dtype":"F32","shape":[1]}}"#
        let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        #expect(bytes == file(padded, data: 0) + [0, 0, 0x80, 0x3F])
    }

    @Test(
        "A file without a sound header is refused",
        arguments: [
            ([], "shorter"), ([1, 2, 3], "shorter"),
            ([255, 255, 255, 255, 255, 255, 255, 255], "header length"),
            ([9, 0, 0, 0, 0, 0, 0, 0, 1], "header length"),
            ([2, 0, 0, 0, 0, 0, 0, 0] + Array("[]".utf8), "JSON"),
            ([1, 0, 0, 0, 0, 0, 0, 0] + Array("{".utf8), "JSON"),
            ([0, 0, 0, 0, 0, 0, 0, 0], "JSON"),
        ] as [([UInt8], String)])
    func malformedFile(bytes: [UInt8], reason: String) {
        #expect {
            try Safetensors.Reader(bytes)
        } throws: { ($0 as? Safetensors.FormatError)?.reason.contains(reason) == true }
    }

    @Test(
        "A tensor of another type, other dimensions or an impossible range is refused",
        arguments: [
            #"{"y":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
            #"{"x":{"dtype":"F16","shape":[2],"data_offsets":[0,8]}}"#,
            #"{"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#,
            #"{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
            #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
            #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#,
            #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8,16]}}"#,
            #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#,
            #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[60,68]}}"#,
            #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,-9223372036854775808]}}"#,
            #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775800,9223372036854775807]}}"#,
        ])
    func malformedTensor(header: String) throws {
        let reader = try Safetensors.Reader(file(header))
        #expect(throws: Safetensors.FormatError.self) { try reader.values("x", [2]) }
    }

    @Test("A number that is not finite is refused", arguments: [Float.nan, .infinity, -.infinity])
    func notFinite(value: Float) throws {
        let bytes = try Safetensors.encode([
            NamedTensor(name: "x", dimensions: [2], values: [0, value])
        ])
        let reader = try Safetensors.Reader(bytes)
        #expect {
            try reader.values("x", [2])
        } throws: { "\($0)".contains("x holds a number that is not finite") }
    }
}
