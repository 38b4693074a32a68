// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "service-node-example",
  platforms: [.macOS(.v15)],
  dependencies: [
    // In a project of yours: .package(url: "https://github.com/genapi/genapi-swift", from: "0.1.0")
    .package(name: "genapi", path: "../.."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .executableTarget(
      name: "order-service",
      dependencies: [
        .product(name: "ErlangNode", package: "genapi"),
        .product(name: "GenAPICluster", package: "genapi"),
        .product(name: "GenAPIGateway", package: "genapi"),
        .product(name: "GenAPIValue", package: "genapi"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      path: "Sources")
  ]
)
