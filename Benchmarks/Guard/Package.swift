// swift-tools-version: 6.1
import PackageDescription

// Counts allocations, which do not depend on how busy the machine is. Apart from the benchmarks, because every test run
// builds it, and it needs nothing that the product does not.
let package = Package(
  name: "genapi-guard",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "genapi", path: "../..")],
  targets: [
    .target(name: "CAllocations"),
    .executableTarget(
      name: "Guard",
      dependencies: [
        "CAllocations",
        .product(name: "GenAPIGateway", package: "genapi"),
        .product(name: "GenAPITelemetry", package: "genapi"),
        .product(name: "GenAPIValue", package: "genapi"),
      ]),
  ]
)
