// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "telemetry-example",
  platforms: [.macOS(.v15)],
  dependencies: [
    // In a project of yours: .package(url: "https://github.com/genapi/genapi-swift", from: "0.1.0")
    .package(name: "genapi", path: "../.."),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
  ],
  targets: [
    .executableTarget(
      name: "watched-gateway",
      dependencies: [
        .product(name: "GenAPIGateway", package: "genapi"),
        .product(name: "GenAPITelemetry", package: "genapi"),
        .product(name: "GenAPIValue", package: "genapi"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
        .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
      ],
      path: "Sources")
  ]
)
