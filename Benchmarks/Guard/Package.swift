// swift-tools-version: 6.1
import PackageDescription

// Counts allocations, which do not depend on how busy the machine is. Apart from the benchmarks, because every test run
// builds it, and it needs nothing that the product does not.
let package = Package(
  name: "genapi-guard",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "genapi", path: "../.."),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .target(name: "CAllocations"),
    // A link to the socket front's messages: all of that target would bring a TLS library, minutes of building.
    .target(
      name: "ChannelMessages",
      dependencies: [
        .product(name: "GenAPIValue", package: "genapi"), .product(name: "TOON", package: "genapi"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]),
    .executableTarget(
      name: "Guard",
      dependencies: [
        "CAllocations", "ChannelMessages",
        .product(name: "GenAPIGateway", package: "genapi"),
        .product(name: "GenAPIStream", package: "genapi"),
        .product(name: "GenAPITelemetry", package: "genapi"),
        .product(name: "GenAPIValue", package: "genapi"),
        .product(name: "MeasuredDashboard", package: "genapi"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]),
  ]
)
