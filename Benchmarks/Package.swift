// swift-tools-version: 6.1
import PackageDescription

// A package of its own: who builds the product needs none of this.
let package = Package(
  name: "genapi-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "genapi", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "HotPaths",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "GenAPIGateway", package: "genapi"),
        .product(name: "GenAPITelemetry", package: "genapi"),
        .product(name: "GenAPIStream", package: "genapi"),
        .product(name: "GenAPIValue", package: "genapi"),
      ],
      path: "Benchmarks/HotPaths",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ]
)
