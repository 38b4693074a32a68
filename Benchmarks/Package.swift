// swift-tools-version: 6.1
import PackageDescription

// A package of its own: who builds the product needs none of this.
let package = Package(
  name: "genapi-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "genapi", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    // The costs of functions.
    .executableTarget(
      name: "HotPaths",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "GenAPIGateway", package: "genapi"),
        .product(name: "GenAPIStream", package: "genapi"),
        .product(name: "GenAPITelemetry", package: "genapi"),
        .product(name: "GenAPIValue", package: "genapi"),
        .product(name: "MeasuredDashboard", package: "genapi"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "Benchmarks/HotPaths",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    // Programs that a measurement needs beside the product's own.
    .executableTarget(
      name: "Drivers",
      dependencies: [
        .product(name: "ErlangNode", package: "genapi"),
        .product(name: "GenAPIGateway", package: "genapi"),
        .product(name: "GenAPIStream", package: "genapi"),
        .product(name: "GenAPITelemetry", package: "genapi"),
        .product(name: "GenAPIValue", package: "genapi"),
        .product(name: "MeasuredDashboard", package: "genapi"),
        .product(name: "TOON", package: "genapi"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ],
      path: "Benchmarks/Drivers"),
  ]
)
