// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is Swift 6, strict concurrency, and free of warnings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]

/// Sources must import what they use, so that the arrows between modules stay true.
let modular: [SwiftSetting] = strict + [.enableUpcomingFeature("MemberImportVisibility")]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: modular)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: dependencies + ["FilterTestKit"],
        swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")

let package = Package(
    name: "siftd",
    products: [
        .executable(name: "siftd", targets: ["siftd"]),
        .library(name: "FilterTestKit", targets: ["FilterTestKit"]),
        .library(
            name: "SiftdText", targets: ["MailText", "TextFeatures", "TextCNN", "Scoring"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CMilter", pkgConfig: "milter", providers: [.apt(["libmilter-dev"])]),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(
            name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CMilterSignals"),
        .target(name: "CKernels", exclude: ["best_sums.inc"]),
        .target(name: "CCharset", linkerSettings: [.linkedLibrary("icuuc")]),
        .target(name: "CUnicode", linkerSettings: [.linkedLibrary("icuuc")]),

        module("MailText", ["CCharset"]),
        module("TextFeatures", ["CUnicode"]),
        module("TextCNN", ["CCrypto", "CKernels", "COpenBLAS"]),
        module("FilterPolicy"),
        module("Settings", ["FilterPolicy", toml]),
        module("Telemetry", [logging, metrics, coreMetrics]),
        module("Milter", ["CMilter", "CMilterSignals", logging]),
        module("Scoring", ["MailText", "TextFeatures", "TextCNN", "Telemetry"]),
        module("Learning", ["CArchive", "MailText", "TextFeatures", "TextCNN", "Scoring"]),
        module(
            "SpamFilter",
            [
                "Milter", "MailText", "Scoring", "FilterPolicy", "Telemetry", "TextCNN", logging,
            ]),
        module(
            "StatusServer",
            ["Scoring", "FilterPolicy", "Telemetry", hummingbird, nio, httpTypes, logging]),
        .executableTarget(
            name: "siftd",
            dependencies: [
                "FilterPolicy", "Learning", "MailText", "Milter", "Scoring", "Settings",
                "SpamFilter", "StatusServer", "Telemetry", "TextCNN", "TextFeatures",
                argumentParser, lifecycle, logging, coreMetrics, hummingbird,
            ],
            swiftSettings: modular),
        module(
            "FilterTestKit", ["Learning", "MailText", "TextFeatures", "TextCNN", "Scoring"]),

        tests("MailText", ["MailText", "Learning"]),
        tests("TextFeatures", ["TextFeatures"]),
        tests("TextCNN", ["TextCNN"]),
        tests("FilterPolicy", ["FilterPolicy"]),
        tests("Settings", ["FilterPolicy", "Settings"]),
        tests("Telemetry", ["Telemetry", coreMetrics]),
        tests("Milter", ["Milter", logging]),
        tests("Scoring", ["Scoring", "TextCNN", "TextFeatures", "MailText", "Telemetry"]),
        tests("Learning", ["Learning", "TextCNN", "TextFeatures", "MailText", "Scoring"]),
        tests(
            "SpamFilter",
            [
                "SpamFilter", "Milter", "Scoring", "FilterPolicy", "TextCNN", "TextFeatures",
                "MailText", "Telemetry", "Learning", logging,
            ]),
        tests(
            "StatusServer",
            [
                "StatusServer", "Scoring", "FilterPolicy", "Learning", "MailText", "Telemetry",
                "TextCNN", lifecycle, logging, hummingbird,
            ]),
        .testTarget(
            name: "IntegrationTests", dependencies: ["FilterTestKit", "Learning", "TextCNN"],
            path: "Tests/Integration",
            exclude: [
                "black-box.lua", "cases", "demo.sh", "private-postfix.sh", "private-sendmail.sh",
            ], swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)
