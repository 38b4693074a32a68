import ArgumentParser
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

  /// Two gateways, of which the second says bye, falls silent or never comes, for twenty seconds.
  private func recording(_ second: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).jsonl").path
    let totals =
      #""totals":{"requests":1,"ok":1,"failed":0,"exceptions":0,"rejected":0,"in_flight":0,"invalid":0,"retries":0,"#
      + #""events_emitted":0,"events_dropped":0,"events":{}}"#
    var lines = [#"{"t":"recording","proto":1,"started_at":1000000,"targets":["gw1:4710","gw2:4710"]}"#]
    for number in 1...20 {
      for target in ["gw1:4710", "gw2:4710"] {
        let isGone = target == "gw2:4710" && number > 5 && second != "stays"
        if target == "gw2:4710", second == "absent" { continue }
        if isGone {
          if second == "bye", number == 6 {
            lines.append(#"{"t":"bye","from":"\#(target)","reason":"shutdown","received_at":6000000}"#)
          }
          continue
        }
        lines.append(
          #"{"t":"\#(number == 1 ? "snapshot" : "state")","from":"\#(target)","at":\#(number)000000,"seq":0,\#(totals)}"#
        )
      }
    }
    try lines.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test(
    "of a recording, too, what lacks a gateway or has old numbers of one ends with 1, at the moment that is printed",
    arguments: [
      ("stays", 15_000, false), ("silent", 15_000, true), ("silent", 3_000, false), ("bye", 15_000, true),
      ("absent", 15_000, true), ("stays", 0, false),
    ] as [(String, Int64, Bool)])
  func replayed(second: String, from: Int64, fails: Bool) throws {
    let recording = try recording(second)
    let path = recording + ".txt"
    defer { for file in [recording, path] { try? FileManager.default.removeItem(atPath: file) } }
    let feed = try ReplayFeed(path: recording, speed: 0.5, from: from)
    let dashboard = Dashboard(feed: feed, setup: DashboardSetup())
    dashboard.resize(to: ScreenSize(width: 120, height: 36))
    let printer = FramePrinter(form: .file(path: path), frames: 1, interval: 100, patience: 500)
    if fails {
      let exit = #expect(throws: ExitCode.self) { try printer.run(dashboard, wake: try WakePipe()) }
      #expect(exit?.rawValue == 1)
    } else {
      try printer.run(dashboard, wake: try WakePipe())
    }
    #expect(FileManager.default.fileExists(atPath: path))
  }
}
