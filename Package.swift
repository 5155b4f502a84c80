// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// The house: each module with what it may import.
///
/// Lower floors know nothing of trading.
let house: [(module: String, imports: [String])] = [
    ("SeawallTime", []),
    ("SeawallMetrics", ["SeawallTime"]),
    ("SeawallBackoff", ["SeawallTime"]),
    ("SeawallCircuitBreaker", ["SeawallTime"]),
    ("SeawallRateLimit", ["SeawallTime"]),
    ("SeawallAlerts", ["SeawallTime"]),
    ("SeawallBroker", ["SeawallTime", "SeawallRateLimit"]),
    ("SeawallDegradation", ["SeawallTime", "SeawallBroker"]),
    (
        "Seawall",
        [
            "SeawallTime", "SeawallMetrics", "SeawallBackoff", "SeawallCircuitBreaker", "SeawallRateLimit",
            "SeawallAlerts", "SeawallBroker", "SeawallDegradation",
        ]
    ),
]

/// What leaves the process, with all of Foundation beneath it: whoever wants it imports it, and nothing above does.
let outside: [(module: String, imports: [String])] = [
    ("SeawallExport", ["SeawallTime", "SeawallBackoff", "SeawallMetrics", "SeawallAlerts"])
]

let runtime = house.map(\.module)
let chaosImports = runtime + ["SeawallChaos"]

func library(_ name: String) -> Product { .library(name: name, targets: [name]) }

func target(_ name: String, _ imports: [String]) -> Target {
    .target(name: name, dependencies: imports.map { .byName(name: $0) }, swiftSettings: settings)
}

func tool(_ name: String, _ imports: [String]) -> Target {
    .executableTarget(name: name, dependencies: imports.map { .byName(name: $0) }, swiftSettings: settings)
}

/// What tests of several modules need: no product, so that nobody else can import it.
let testSupport = "SeawallTestSupport"

func tests(_ name: String, _ imports: [String]) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: (imports + [testSupport]).map { .byName(name: $0) },
        swiftSettings: settings)
}

let package = Package(
    name: "seawall",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: (runtime + outside.map(\.module)).map(library) + [
        library("SeawallChaos"),
        .executable(name: "seawall-drill", targets: ["seawall-drill"]),
        .executable(name: "seawall-bench", targets: ["seawall-bench"]),
    ],
    targets: (house + outside).map { target($0.module, $0.imports) }
        + outside.map { tests($0.module, [$0.module] + $0.imports) }
        + house.map { tests($0.module, $0.module == "Seawall" ? chaosImports : [$0.module] + $0.imports) }
        + [
            .target(
                name: testSupport, dependencies: ["SeawallTime"], path: "Tests/" + testSupport, swiftSettings: settings),
            target("SeawallChaos", runtime),
            tests("SeawallChaos", chaosImports),
            tool("seawall-drill", chaosImports),
            .testTarget(
                name: "SeawallDrillTests", dependencies: ["seawall-drill"] + chaosImports.map { .byName(name: $0) },
                swiftSettings: settings),
            tool("seawall-bench", chaosImports),
        ]
)
