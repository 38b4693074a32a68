import Foundation
import GenAPIStream
import GenAPITelemetry

/// An exporter, and this program once more as what reads it, in a process of its own.
struct ReadExporter {
  private let exporter: StreamExporter
  private let reader = Process()
  private let output = Pipe()

  /// - Parameter command: the reader's, before the port and how many connections it makes.
  init(_ bus: TelemetryBus, _ source: any StateSource, read command: String, subscribers: Int) async throws {
    var configuration = StreamExporterConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)])
    configuration.maximumSubscribers = 256
    exporter = StreamExporter(configuration: configuration, bus: bus, source: source)
    try await exporter.start()
    reader.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    reader.arguments = [command, "\(exporter.boundAddress!.port!)", "\(subscribers)"]
    reader.standardOutput = output
    try reader.run()
  }

  /// What the reader says once it is ready.
  func ready() -> Data { output.fileHandleForReading.availableData }

  /// What it says at the end.
  func stop() async -> Data {
    await exporter.stop(reason: "end")
    let rest = output.fileHandleForReading.readDataToEndOfFile()
    reader.waitUntilExit()
    return rest
  }
}
