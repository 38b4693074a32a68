// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "genapi",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "GenAPI", targets: ["GenAPI"]),
    .library(name: "GenAPIValue", targets: ["GenAPIValue"]),
    .library(name: "TOON", targets: ["TOON"]),
    .library(name: "GenAPITelemetry", targets: ["GenAPITelemetry"]),
    .library(name: "GenAPIGateway", targets: ["GenAPIGateway"]),
    .library(name: "GenAPIStream", targets: ["GenAPIStream"]),
    .library(name: "GenAPIFiles", targets: ["GenAPIFiles"]),
    .library(name: "GenAPIChannels", targets: ["GenAPIChannels"]),
    .library(name: "GenAPITokens", targets: ["GenAPITokens"]),
    .library(name: "GenAPIJWKS", targets: ["GenAPIJWKS"]),
    .library(name: "GenAPITLS", targets: ["GenAPITLS"]),
    .library(name: "GenAPICluster", targets: ["GenAPICluster"]),
    .library(name: "GenAPIAttach", targets: ["GenAPIAttach"]),
    .library(name: "GenAPITesting", targets: ["GenAPITesting"]),
    .library(name: "ErlangNode", targets: ["ErlangNode"]),
    .library(name: "ErlangTerms", targets: ["ErlangTerms"]),
    .executable(name: "genapi-top", targets: ["genapi-top"]),
    .executable(name: "genapi-gateway", targets: ["genapi-gateway"]),
  ]
    // The dashboard for scripts/bench, whose packages see nothing else of it.
    + (Context.environment["GENAPI_MEASURED"] == nil
      ? [] : [.library(name: "MeasuredDashboard", targets: ["MeasuredDashboard"])]),
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    .systemLibrary(name: "CNCurses"),
    .systemLibrary(name: "CZlib"),
    .target(name: "CEarlySignals"),
    .target(name: "CThreadSlot"),
    .target(
      name: "GenAPIValue",
      dependencies: ["OutsideText", .product(name: "OrderedCollections", package: "swift-collections")],
      swiftSettings: strict),
    .target(name: "TOON", dependencies: ["GenAPIValue"], swiftSettings: strict),
    .target(name: "Locking", swiftSettings: strict),
    .target(name: "StripedSlots", dependencies: ["Locking", "CThreadSlot"], swiftSettings: strict),
    .target(name: "ProgramOutput", swiftSettings: strict),
    .target(name: "OutsideText", swiftSettings: strict),
    .target(name: "NetworkAddress", swiftSettings: strict),
    .target(
      name: "Listening",
      dependencies: [
        "Locking", "NetworkAddress",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPITelemetry",
      dependencies: [
        "GenAPIValue", "Locking", "StripedSlots",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPIGateway",
      dependencies: [
        "GenAPIValue", "GenAPITelemetry", "Locking", "NetworkAddress", "StripedSlots",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HashTreeCollections", package: "swift-collections"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPIStream",
      dependencies: [
        "Locking", "GenAPIValue", "GenAPITelemetry", "CZlib", "Listening", "NetworkAddress", "ProgramOutput",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPIChannels",
      dependencies: [
        "Locking", "GenAPIGateway", "GenAPITelemetry", "GenAPIValue", "Listening", "NetworkAddress", "TOON",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPI",
      dependencies: [
        "GenAPIChannels", "GenAPIGateway", "GenAPIStream", "GenAPITelemetry", "GenAPIValue",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPITLS",
      dependencies: [
        "Listening", "OutsideText", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPITokens",
      dependencies: [
        "ErlangTerms", "GenAPIChannels", "GenAPIGateway", "GenAPIValue",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPIJWKS",
      dependencies: [
        "GenAPITokens", "GenAPIChannels", "GenAPIValue", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "JWTKit", package: "jwt-kit"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPIServer",
      dependencies: [
        "Locking", "ErlangNode", "GenAPIChannels", "GenAPICluster", "GenAPIFiles", "GenAPIGateway",
        "GenAPIStream",
        "GenAPITLS", "GenAPITelemetry", "GenAPITokens", "GenAPIValue", "Listening", "NetworkAddress",
        "OutsideText", "ProgramOutput", "TOMLFile", "TOON",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .target(name: "ErlangTerms", dependencies: ["OutsideText"], swiftSettings: strict),
    .target(
      name: "ErlangNode",
      dependencies: [
        "ErlangTerms",
        "OutsideText",
        "Listening",
        "Locking",
        "NetworkAddress",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPICluster",
      dependencies: [
        "Locking", "ErlangNode", "GenAPIGateway", "GenAPITelemetry", "GenAPIValue", "Listening",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPIAttach",
      dependencies: [
        "Locking", "ErlangNode", "GenAPIStream", "GenAPITelemetry", "GenAPIValue", "Listening", "OutsideText",
        .product(name: "Logging", package: "swift-log"),
      ],
      resources: [.embedInCode("Agent/genapi_agent_1.erl"), .embedInCode("Agent/genapi_load.exprs")],
      swiftSettings: strict),
    .target(
      name: "TopModel",
      dependencies: [
        "Locking", "GenAPIValue", "GenAPITelemetry", "GenAPIStream",
        .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: strict),
    .target(
      name: "TOMLFile",
      dependencies: ["GenAPIValue", .product(name: "TOMLKit", package: "TOMLKit")],
      swiftSettings: strict),
    .target(
      name: "GenAPIFiles",
      dependencies: ["GenAPIGateway", "GenAPIValue", "TOMLFile"],
      swiftSettings: strict),
    .target(
      name: "TopScreen",
      dependencies: ["TopModel", "TOMLFile", "OutsideText", .product(name: "TOMLKit", package: "TOMLKit")],
      swiftSettings: strict),
    .target(
      name: "MeasuredDashboard",
      dependencies: ["GenAPIStream", "GenAPITelemetry", "TopModel", "TopScreen"],
      swiftSettings: strict),
    .target(
      name: "GenAPIDemo",
      dependencies: [
        "Locking", "GenAPIGateway", "GenAPIStream", "GenAPITelemetry", "GenAPIValue",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "genapi-top",
      dependencies: [
        "Locking", "TopScreen", "GenAPIAttach", "GenAPIStream", "GenAPITLS", "CNCurses", "ErlangNode",
        "GenAPIDemo",
        "OutsideText", "ProgramOutput", "TOMLFile", "TOON",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "genapi-gateway",
      dependencies: [
        "Locking", "CEarlySignals", "GenAPIDemo", "GenAPIServer", "GenAPIChannels", "GenAPIJWKS",
        "GenAPIStream",
        "GenAPITLS", "GenAPIValue",
        "Listening", "NetworkAddress", "OutsideText", "ProgramOutput", "TOMLFile", "TOON",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .target(
      name: "GenAPITesting",
      dependencies: ["GenAPIGateway", "GenAPITelemetry", "GenAPIValue", "Locking", "OutsideText"],
      swiftSettings: strict),
    .testTarget(
      name: "GenAPITestingTests",
      dependencies: ["GenAPITesting", "TestExtremes"],
      swiftSettings: strict),
    .testTarget(name: "GenAPIValueTests", dependencies: ["GenAPIValue"], swiftSettings: strict),
    .testTarget(name: "TOONTests", dependencies: ["TOON", "GenAPIValue"], swiftSettings: strict),
    .testTarget(
      name: "NetworkAddressTests", dependencies: ["NetworkAddress", "TestRandom"], swiftSettings: strict),
    .testTarget(
      name: "ListeningTests",
      dependencies: [
        "Listening",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "InMemoryLogging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(name: "StripedSlotsTests", dependencies: ["Locking", "StripedSlots"], swiftSettings: strict),
    .testTarget(
      name: "OutsideTextTests", dependencies: ["OutsideText", "TestRandom"], swiftSettings: strict),
    .testTarget(name: "ProgramOutputTests", dependencies: ["ProgramOutput"], swiftSettings: strict),
    .testTarget(
      name: "GenAPITelemetryTests",
      dependencies: [
        "GenAPITelemetry", "Locking", "TestEvents", "TestRandom", "TestStates", "TestWaiting",
        .product(name: "InMemoryLogging", package: "swift-log"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
        .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "GenAPIGatewayTests",
      dependencies: [
        "GenAPIGateway", "GenAPIStream", "GenAPITelemetry", "GenAPITesting", "Locking", "TestEvents",
        "TestExtremes", "TestRandom", "TestWaiting",
        .product(name: "Tracing", package: "swift-distributed-tracing"),
        .product(name: "InMemoryLogging", package: "swift-log"),
        .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TOMLFileTests", dependencies: ["TOMLFile", "GenAPIValue", "TestRandom"], swiftSettings: strict),
    .testTarget(
      name: "GenAPIDemoTests",
      dependencies: [
        "GenAPIDemo", "GenAPIGateway", "GenAPIStream", "GenAPITelemetry", "GenAPIValue",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(name: "GenAPIFilesTests", dependencies: ["GenAPIFiles"], swiftSettings: strict),
    .testTarget(
      name: "GenAPIStreamTests",
      dependencies: [
        "Locking", "GenAPIStream", "GenAPIGateway", "TestRandom", "TestStates", "TestWaiting",
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "GenAPIChannelsTests",
      dependencies: [
        "Locking", "GenAPI", "GenAPIChannels", "GenAPIGateway", "GenAPITLS", "GenAPITokens", "Listening",
        "NetworkAddress", "TOON", "TestCertificates", "TestRandom", "GenAPITesting", "TestWaiting",
        .product(name: "InMemoryLogging", package: "swift-log"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "GenAPIJWKSTests",
      dependencies: ["GenAPIJWKS", "GenAPIChannels", "GenAPITokens", "GenAPIValue", "TestSigners"],
      swiftSettings: strict),
    // The samples of the documentation: they import what a reader does.
    .testTarget(
      name: "DocumentationTests",
      dependencies: [
        "Locking", "ErlangNode", "GenAPIAttach", "GenAPIChannels", "GenAPICluster", "GenAPIFiles",
        "GenAPIGateway",
        "GenAPIJWKS",
        "GenAPIStream", "GenAPITelemetry", "GenAPITokens", "GenAPIValue", "TOON", "TestExtremes",
        "TestSigners",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
        .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .target(
      name: "TestSigners",
      dependencies: [
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ],
      path: "Tests/TestSigners", swiftSettings: strict),
    .testTarget(
      name: "GenAPIServerTests",
      dependencies: [
        "Locking", "GenAPI", "GenAPIServer", "GenAPIChannels", "GenAPIGateway", "GenAPIJWKS", "GenAPICluster",
        "GenAPIFiles",
        "ErlangNode", "GenAPIStream", "GenAPITLS", "GenAPITelemetry", "GenAPITokens", "Listening",
        "ProgramOutput", "TOMLFile",
        "TestCertificates", "GenAPITesting", "TestExtremes", "TestRandom", "TestSigners", "TestWaiting",
        .product(name: "InMemoryLogging", package: "swift-log"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(
      name: "TestEvents", dependencies: ["GenAPITelemetry", "GenAPIValue"], path: "Tests/TestEvents",
      swiftSettings: strict),
    .target(
      name: "TestExtremes", dependencies: ["GenAPITesting"], path: "Tests/TestExtremes", swiftSettings: strict
    ),
    .target(name: "TestRandom", path: "Tests/TestRandom", swiftSettings: strict),
    .target(
      name: "TestStates", dependencies: ["GenAPITelemetry", "GenAPIValue"], path: "Tests/TestStates",
      swiftSettings: strict),
    .target(name: "TestWaiting", path: "Tests/TestWaiting", swiftSettings: strict),
    .target(
      name: "TestCertificates",
      dependencies: ["GenAPITLS", .product(name: "NIOSSL", package: "swift-nio-ssl")],
      path: "Tests/TestCertificates", swiftSettings: strict),
    .target(
      name: "ErlangPeers", dependencies: ["ErlangNode"], path: "Tests/ErlangPeers", swiftSettings: strict),
    .testTarget(
      name: "GenAPIClusterTests",
      dependencies: [
        "Locking", "GenAPICluster", "ErlangNode", "ErlangPeers", "GenAPIGateway", "GenAPITelemetry",
        "GenAPITesting", "TestRandom", "TestWaiting",
        .product(name: "InMemoryLogging", package: "swift-log"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "ErlangNodeTests",
      dependencies: [
        "ErlangNode", "ErlangPeers", "ErlangTerms", "GenAPITLS", "Locking", "TestRandom", "TestWaiting",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "InMemoryLogging", package: "swift-log"),
      ],
      exclude: ["Fuzz/Corpus"], swiftSettings: strict),
    .testTarget(
      name: "GenAPIAttachTests",
      dependencies: [
        "GenAPIAttach", "ErlangNode", "GenAPIStream", "GenAPITelemetry", "Listening", "OutsideText",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TopModelTests", dependencies: ["TopModel", "TestRandom", "TestStates"], swiftSettings: strict),
    .testTarget(
      name: "TopScreenTests", dependencies: ["Locking", "TestRandom", "TopScreen"], exclude: ["Snapshots"],
      swiftSettings: strict),
    .testTarget(
      name: "genapi-topTests", dependencies: ["genapi-top", "TopScreen"], swiftSettings: strict),
  ]
)
