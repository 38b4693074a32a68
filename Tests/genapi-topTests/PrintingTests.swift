import Foundation
import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopScreen
@testable import genapi_top

/// How long it takes until something is printed.
@Suite struct PrintingTests {
  /// Gateways of which some tell their numbers once, and others nothing.
  private final class StandingFeed: Feed {
    let targets: [ByteText] = ["gw1:4710", "gw2:4710"]
    let clock: Int64? = nil
    let intervalMs = 100
    private var waiting: [FeedMessage]

    /// - Parameter telling: how many of them tell.
    init(telling: Int) {
      waiting = targets.prefix(telling).enumerated().flatMap { place, target in
        [
          FeedMessage(target: target, event: .connected(Hello(node: "gw\(place)", startedAt: 1))),
          FeedMessage(target: target, event: .frame(.snapshot(at: 1, sequence: 0, GatewayState()))),
        ]
      }
    }

    func start() {}
    func take() -> [FeedMessage] {
      defer { waiting = [] }
      return waiting
    }
    func wait() -> Int64? { waiting.isEmpty ? nil : 0 }
    func narrow(to filter: EventFilter) -> Bool { false }
    func stop() {}
  }

  @Test(
    "what is printed after a time is printed then, whoever has not answered or tells nothing more",
    arguments: [1, 2])
  func after(telling: Int) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).txt").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let dashboard = Dashboard(feed: StandingFeed(telling: telling), setup: DashboardSetup())
    dashboard.resize(to: ScreenSize(width: 120, height: 36))
    let began = Monotonic.milliseconds()
    // Added up it was the 2 s that a target may take to answer, the time, and 2.1 s for rates.
    #expect(throws: (any Error).self) {
      try FramePrinter(form: .file(path: path), frames: 1, interval: 100, after: 2_200, patience: 2_000)
        .run(dashboard, wake: try WakePipe())
    }
    let passed = Monotonic.milliseconds() - began
    #expect((2_300..<3_700).contains(passed), "\(passed) ms")
    #expect(FileManager.default.fileExists(atPath: path))
  }
}
