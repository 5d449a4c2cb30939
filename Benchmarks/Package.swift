// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nothing here reaches users of siftd.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "siftd", path: "..")],
    targets: [
        .executableTarget(
            name: "replay",
            dependencies: [.product(name: "FilterTestKit", package: "siftd")],
            swiftSettings: [.treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "obfuscation",
            dependencies: [
                .product(name: "FilterTestKit", package: "siftd"),
                .product(name: "SiftdText", package: "siftd"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "hostile",
            dependencies: [
                .product(name: "FilterTestKit", package: "siftd"),
                .product(name: "SiftdText", package: "siftd"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "kernels",
            dependencies: [
                .product(name: "FilterTestKit", package: "siftd"),
                .product(name: "SiftdText", package: "siftd"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "imported", dependencies: [.product(name: "SiftdText", package: "siftd")],
            swiftSettings: [.treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "encode",
            dependencies: [
                .product(name: "FilterTestKit", package: "siftd"),
                .product(name: "SiftdText", package: "siftd"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "features",
            dependencies: [
                .product(name: "FilterTestKit", package: "siftd"),
                .product(name: "SiftdText", package: "siftd"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "languages", dependencies: [.product(name: "SiftdText", package: "siftd")],
            swiftSettings: [.treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "learning",
            dependencies: [.product(name: "SiftdText", package: "siftd")],
            swiftSettings: [.treatAllWarnings(as: .error)]),
    ]
)
