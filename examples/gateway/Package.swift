// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "gateway-example",
  platforms: [.macOS(.v15)],
  dependencies: [
    // In a project of yours: .package(url: "https://github.com/genapi/genapi-swift", from: "0.1.0")
    .package(name: "genapi", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "user-gateway",
      dependencies: [
        .product(name: "GenAPI", package: "genapi"),
        .product(name: "GenAPITokens", package: "genapi"),
      ],
      path: "Sources")
  ]
)
