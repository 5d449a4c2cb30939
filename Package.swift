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

/// Tests spend their time in what they test, and are built in two thirds of the time when they are
/// not optimised themselves.
let unoptimised: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"])]

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: dependencies + ["FilterTestKit"],
        swiftSettings: unoptimised)
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
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let hummingbirdTesting = Target.Dependency.product(
    name: "HummingbirdTesting", package: "hummingbird")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let asyncHTTPClient = Target.Dependency.product(
    name: "AsyncHTTPClient", package: "async-http-client")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")

let package = Package(
    name: "siftd",
    products: [
        .executable(name: "siftd", targets: ["siftd"]),
        .library(name: "FilterTestKit", targets: ["FilterTestKit"]),
        .library(name: "FuzzTargets", targets: ["FuzzTargets"]),
        .library(
            name: "SiftdText",
            targets: [
                "Corpora", "DomainNames", "FilterPolicy", "Languages", "Learning", "MailText",
                "Models", "Scoring", "SiteLearning", "TextCNN", "TextFeatures",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // C libraries, each imported by one module.
        .systemLibrary(
            name: "CMilter", pkgConfig: "milter", providers: [.apt(["libmilter-dev"])]),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(
            name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CXattr"),
        .systemLibrary(name: "CThreadUser"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CPublicSuffix", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),
        .systemLibrary(
            name: "CUchardet", pkgConfig: "uchardet", providers: [.apt(["libuchardet-dev"])]),
        .target(name: "CMilterSignals"),
        .target(name: "CConfinement"),
        .target(
            name: "CKernels", exclude: ["best_sums.inc", "dense.inc", "elements.inc", "layers.inc"]),
        .target(name: "CCharset", linkerSettings: [.linkedLibrary("icuuc")]),
        .target(name: "CDomainName", linkerSettings: [.linkedLibrary("icuuc")]),
        .target(name: "CUnicode", linkerSettings: [.linkedLibrary("icuuc")]),
        .target(name: "CLanguage", linkerSettings: [.linkedLibrary("cld2")]),

        // Pure: values in, values out.
        module("ASCIIText"),
        module("Archives", ["CArchive"]),
        module("Checksums", ["CCrypto"]),
        module("MailText", ["ASCIIText", "CCharset", "CUchardet", "DomainNames"]),
        module("TextFeatures", ["ASCIIText", "CUnicode"]),
        module("Languages", ["CLanguage"]),
        module("TextCNN", ["CKernels", "COpenBLAS"]),
        module("DomainNames", ["CDomainName", "CPublicSuffix"]),
        module("FilterPolicy", ["ASCIIText", "DomainNames"]),
        module(
            "Telemetry", ["ASCIIText", "FilterPolicy", "MailText", logging, metrics, coreMetrics]),

        module(
            "Traces",
            ["Telemetry", asyncHTTPClient, lifecycle, logging, nio, nioHTTP, tracing]),
        module(
            "SiteLearning",
            ["ASCIIText", "Checksums", "DomainNames", "MailText", "TextFeatures"]),

        // Models: what is on disk, what scores, what is learnt.
        module(
            "Models",
            ["ASCIIText", "Checksums", "Languages", "MailText", "TextFeatures", "TextCNN"]),
        module("Corpora", ["Archives", "Checksums", "MailText"]),
        module(
            "KerasImport", ["Archives", "CHDF5", "MailText", "Models", "TextCNN", "TextFeatures"]),
        module(
            "Scoring",
            ["DomainNames", "FilterPolicy", "MailText", "Models", "SiteLearning", "Telemetry"]),
        module(
            "Learning",
            [
                "ASCIIText", "Checksums", "Corpora", "FilterPolicy", "Languages", "MailText",
                "Models",
                "Scoring", "TextCNN", "TextFeatures",
            ]),

        // A database that several hosts share.
        module("PostgreSQL", ["CPostgreSQL"]),

        // What the site knows: labels that people give, versions of its model.
        module("Feedback", ["Checksums", "PostgreSQL", grdb]),
        module("ModelRegistry", ["Models"]),

        // Several hosts with the same model.
        module("Fleet", ["Checksums", "ModelRegistry", "Models", "PostgreSQL"]),

        // What a site has taught: its labels, and the layer that follows them.
        module(
            "SiteMemory",
            [
                "ASCIIText", "Checksums", "Feedback", "FilterPolicy", "MailText", "Models",
                "Scoring", "SiteLearning", "TextFeatures",
            ]),

        // The model learns what the site has taught, in a process of its own.
        module(
            "Retraining",
            [
                "ASCIIText", "CConfinement", "Checksums", "Corpora", "Feedback", "FilterPolicy",
                "Learning", "MailText", "ModelRegistry", "Models", "Scoring", "SiteLearning",
                "SiteMemory", "TextCNN", "TextFeatures",
            ]),

        // Edges: the MTA, the configuration file, HTTP.
        module(
            "Milter", ["CLinux", "CMilter", "CMilterSignals", "MailText", "Telemetry", logging]),
        module(
            "SpamFilter",
            [
                "Checksums", "FilterPolicy", "MailText", "Milter", "Models", "Scoring", "Telemetry",
                "Traces", logging, tracing,
            ]),
        module(
            "Settings",
            [
                "Fleet", "Feedback", "FilterPolicy", "MailText", "Milter", "PostgreSQL", "Scoring",
                "SiteLearning", "SiteMemory", "SpamFilter", "Telemetry", "Traces", toml,
            ]),
        module("PortLimits", [lifecycle, nio]),
        module(
            "SpamdServer",
            [
                "ASCIIText", "CZlib", "Feedback", "FilterPolicy", "MailText", "Models",
                "PortLimits", "Scoring", "SiteMemory", "Telemetry", lifecycle, logging, nio,
                nioPosix,
            ]),
        .target(
            name: "HTTPServer",
            dependencies: [
                "Feedback", "Fleet", "FilterPolicy", "MailText", "ModelRegistry", "Models",
                "PortLimits",
                "Scoring",
                "SiteMemory", "Telemetry", "Traces", hummingbird, lifecycle, nio, nioPosix,
                nioHTTPTypes, httpTypes, logging, tracing,
            ],
            resources: [
                .embedInCode("Resources/openapi.json"), .embedInCode("Resources/page.css"),
                .embedInCode("Resources/page.html"), .embedInCode("Resources/page.js"),
            ],
            swiftSettings: modular),

        // The program.
        module(
            "SiftdDaemon",
            [
                "Feedback", "FilterPolicy", "Fleet", "HTTPServer", "MailText", "Milter",
                "ModelRegistry",
                "Models", "PostgreSQL", "Retraining", "Scoring", "Settings", "SiteLearning",
                "SiteMemory", "SpamFilter", "SpamdServer", "Telemetry", "TextFeatures", "Traces",
                coreMetrics,
                hummingbird,
                lifecycle,
                logging, tracing,
            ]),
        module("Manual", ["Settings"]),
        // Not modular: some builds find stat(2) in Glibc, others in the C part of Dispatch.
        .target(
            name: "Doctor",
            dependencies: [
                "CThreadUser", "CXattr", "Feedback", "FilterPolicy", "Fleet", "MailText", "Milter",
                "Models", "PostgreSQL", "Scoring", "Settings", "SiftdDaemon", "SiteMemory",
                "SpamFilter",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "siftd",
            dependencies: [
                "Checksums", "Corpora", "Doctor", "Feedback", "Fleet", "Manual",
                "FilterPolicy", "KerasImport",
                "Learning",
                "MailText",
                "Milter",
                "ModelRegistry", "Models", "Retraining", "Scoring", "Settings", "SiftdDaemon",
                "SiteLearning", "SiteMemory", "SpamFilter", "TextCNN", "TextFeatures",
                argumentParser, nio, nioPosix, nioHTTP,
            ],
            swiftSettings: modular),

        module(
            "FilterTestKit",
            [
                "Corpora", "Learning", "MailText", "Milter", "Models", "PostgreSQL", "TextCNN",
                "TextFeatures", "Scoring",
            ]),

        tests("ASCIIText", ["ASCIIText"]),
        tests("Checksums", ["Checksums"]),
        tests("MailText", ["MailText", "Corpora"]),
        tests("TextFeatures", ["TextFeatures"]),
        tests("Languages", ["Languages"]),
        tests("TextCNN", ["TextCNN"]),
        tests("DomainNames", ["DomainNames"]),
        tests("FilterPolicy", ["FilterPolicy"]),
        tests("SiteLearning", ["Checksums", "MailText", "SiteLearning", "TextFeatures"]),
        tests("Telemetry", ["Telemetry", coreMetrics, logging]),
        tests(
            "Traces",
            ["Telemetry", "Traces", hummingbird, hummingbirdTesting, lifecycle, logging, tracing]),
        tests(
            "Models", ["Checksums", "Models", "Learning", "MailText", "TextCNN", "TextFeatures"]),
        tests(
            "SiteMemory",
            [
                "Corpora", "Feedback", "FilterPolicy", "MailText", "Models", "Scoring",
                "SiteMemory",
            ]),
        tests("Archives", ["Archives"]),
        tests("Corpora", ["Archives", "Corpora", "MailText"]),
        tests("KerasImport", ["KerasImport", "MailText", "Models", "TextCNN", "TextFeatures"]),
        tests("Scoring", ["FilterPolicy", "Learning", "MailText", "Models", "Scoring"]),
        tests(
            "Learning",
            ["Corpora", "Learning", "MailText", "Models", "Scoring", "TextCNN", "TextFeatures"]),
        // Writes labels and is killed meanwhile.
        .executableTarget(
            name: "feedback-probe", dependencies: ["Feedback", "PostgreSQL"],
            path: "Tests/FeedbackProbe", swiftSettings: modular),
        tests("Feedback", ["Feedback", "PostgreSQL", "feedback-probe", grdb]),
        tests("PostgreSQL", ["PostgreSQL"]),
        tests(
            "Fleet", ["Checksums", "Fleet", "ModelRegistry", "Models", "PostgreSQL"]),
        tests("ModelRegistry", ["ModelRegistry", "Models"]),
        tests(
            "Retraining",
            [
                "Corpora", "Feedback", "FilterPolicy", "Learning", "MailText", "ModelRegistry",
                "Models", "Retraining", "Scoring", "SiteLearning", "SiteMemory", "TextCNN",
                "TextFeatures",
            ]),
        tests("Milter", ["CMilter", "Milter", logging]),
        tests(
            "SpamFilter",
            [
                "Corpora", "FilterPolicy", "MailText", "Milter", "Models", "Scoring", "SpamFilter",
                "Telemetry", logging,
            ]),
        tests(
            "Settings",
            [
                "FilterPolicy", "MailText", "Milter", "Scoring", "Settings", "SpamFilter",
                "Telemetry",
            ]
        ),
        tests("PortLimits", ["PortLimits"]),
        tests(
            "SpamdServer",
            [
                "Feedback", "FilterPolicy", "MailText", "Models", "Scoring", "SiteMemory",
                "SpamdServer", "Telemetry", lifecycle, logging, nio, nioPosix,
            ]),
        tests(
            "HTTPServer",
            [
                "Corpora", "Feedback", "Fleet", "FilterPolicy", "HTTPServer", "MailText",
                "ModelRegistry",
                "Models", "Scoring", "SiteLearning", "SiteMemory", "Telemetry", hummingbird,
                hummingbirdTesting, lifecycle, logging,
            ]),
        tests(
            "SiftdDaemon",
            [
                "Feedback", "Fleet", "FilterPolicy", "HTTPServer", "MailText", "Milter",
                "ModelRegistry",
                "Models", "Retraining",
                "Scoring", "Settings",
                "SiftdDaemon", "SiteLearning", "SiteMemory", "SpamFilter", "Telemetry", logging,
            ]),
        tests("Manual", ["FilterPolicy", "Manual", "Settings"]),
        tests(
            "Doctor",
            ["Doctor", "Feedback", "Fleet", "Milter", "Models", "PostgreSQL", "Settings"]),
        // Fuzzing itself is a package of its own, Tests/Fuzz, with these targets.
        .target(
            name: "FuzzTargets",
            dependencies: ["KerasImport", "MailText", "Models", "TextFeatures"],
            path: "Tests/FuzzTargets", swiftSettings: modular),
        tests("FuzzReplay", ["FuzzTargets"]),
        .testTarget(name: "ArchitectureTests", swiftSettings: unoptimised),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Corpora", "Feedback", "FilterTestKit", "Learning", "ModelRegistry", "Models",
            ],
            path: "Tests/Integration",
            exclude: [
                "black-box.lua", "cases", "clients.sh", "collector.py", "demo.sh", "manifests.py",
                "private-dovecot.sh", "serving.py",
                "private-exim.sh", "private-postfix.sh", "private-sendmail.sh",
            ], swiftSettings: unoptimised),
    ],
    cxxLanguageStandard: .cxx17
)
