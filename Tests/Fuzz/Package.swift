// swift-tools-version: 6.2
import PackageDescription

// A package of its own: libFuzzer and the sanitizers never reach users of siftd. See run.sh. The
// targets are in Tests/FuzzTargets, where Tests/FuzzReplayTests runs them as well.
let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "siftd", path: "../..")],
    targets: [
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "CFuzzer",
                .product(name: "FuzzTargets", package: "siftd"),
                .product(name: "SiftdText", package: "siftd"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)]),
    ]
)
