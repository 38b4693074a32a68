import Foundation

/// A program of this machine, as a shell finds it.
public struct InstalledProgram: Sendable {
  public let url: URL

  /// Nil if no folder of `PATH` has it.
  public init?(_ name: String) {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let found = folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found else { return nil }
    url = URL(fileURLWithPath: found)
  }

  /// Starts it, silent and without input.
  public func start(_ arguments: [String], epmdPort: Int) throws -> Process {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["ERL_EPMD_PORT"] = String(epmdPort)
    environment["ERL_FLAGS"] = nil
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }
}
