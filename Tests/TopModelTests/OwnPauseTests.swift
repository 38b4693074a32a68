import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import TopModel

/// A program that is stopped for seconds, as by Ctrl-Z, and reads on: what is said of rates that never changed.
@Suite("A pause of the program itself")
struct OwnPauseTests {
  /// How the loop finds what waited, after it goes on.
  enum Order: CaseIterable {
    /// It notices the pause, and then all of it is there.
    case together
    /// It looks before anything was read from the network.
    case lookFirst
    /// The first of it is folded before the pause is noticed: it was stopped between.
    case foldFirst
    /// A part of it is there, and the rest at the next look.
    case inParts
    /// One frame had come when it was stopped, and is handed over afterwards.
    case stampedBefore
  }

  private static let start: Int64 = 1_700_000_000_000_000
  private static let perSecond: Int64 = 130

  /// A check that watches a gateway which answers as much each second.
  private struct Run {
    private var model = ClusterModel(targets: ["gw1:4710"])
    private var state = GatewayState()
    private let rule: AlertExpression
    private var noticedAt: Int64?
    private(set) var pauses = 0
    private(set) var told: [Double] = []

    init() throws {
      rule = try AlertExpression(parsing: "rps > 100")
      model.watch([])
      model.fold(.connected(Hello(node: "gw1", software: "", startedAt: 1)), of: 0, at: OwnPauseTests.start)
    }

    /// - Parameter now: when it came over the network.
    mutating func fold(_ second: Int64, sentAt: Int64, at now: Int64) {
      guard second > 0 else {
        return model.fold(.frame(.snapshot(at: sentAt, sequence: 0, state)), of: 0, at: now)
      }
      var next = state
      next.add(ok: Array(repeating: 300, count: Int(OwnPauseTests.perSecond)))
      let change = next.changes(since: state)
      state = next
      model.fold(.frame(.state(at: sentAt, sequence: 0, change)), of: 0, at: now)
    }

    /// As `OwnPauses` does.
    mutating func notice(_ now: Int64) {
      if let noticedAt, now - noticedAt > 2_000_000 {
        model.noteOwnPause(of: now - noticedAt - 1_000_000)
        pauses += 1
      }
      noticedAt = now
    }

    mutating func look(_ now: Int64) {
      notice(now)
      model.tick(at: now)
      guard model.silentGateways.isEmpty,
        case .found(let findings) = model.answer(rule, window: .tenSeconds)
      else { return }
      told += findings.compactMap(\.number)
    }
  }

  @Test(
    "a check is told the rate that was, whenever it was stopped and however what waited is read",
    arguments: Order.allCases)
  func rates(order: Order) throws {
    var random = SeededRandom(seed: 7)
    for _ in 0..<60 {
      let phase = Int64.random(in: 0..<1_000_000, using: &random)
      let stopped = Self.start + Int64.random(in: 12_000_000..<20_000_000, using: &random)
      let length = Int64.random(in: 2_500_000..<15_000_000, using: &random)
      let resumed = stopped + length
      var run = try Run()
      var waiting: [(second: Int64, sentAt: Int64)] = []
      var look = Self.start + 500_000
      func looks(_ run: inout Run, until end: Int64) {
        while look < end {
          run.look(look)
          look += 1_000_000
        }
      }
      for second in 0..<45 as Range<Int64> {
        let sentAt = Self.start + phase + second * 1_000_000
        let came = sentAt + Int64.random(in: 500..<40_000, using: &random)
        guard came < stopped || came >= resumed else {
          waiting.append((second, sentAt))
          continue
        }
        if came >= resumed, !waiting.isEmpty {
          looks(&run, until: stopped)
          Self.read(waiting, order, stopped, resumed, &run)
          waiting = []
          look = resumed + 1_010_000
        }
        looks(&run, until: came)
        run.notice(came)
        run.fold(second, sentAt: sentAt, at: came)
      }
      #expect(run.pauses == 1 && run.told.count > 12)
      let wrong = run.told.filter { abs($0 - Double(Self.perSecond)) > 20 }
      #expect(
        wrong.isEmpty, "\(order), \(stopped - Self.start) for \(length) µs, frames at \(phase): \(wrong)")
    }
  }

  private static func read(
    _ waiting: [(second: Int64, sentAt: Int64)], _ order: Order, _ stopped: Int64, _ resumed: Int64,
    _ run: inout Run
  ) {
    func fold(_ frames: ArraySlice<(second: Int64, sentAt: Int64)>, _ run: inout Run, at now: Int64) {
      for frame in frames { run.fold(frame.second, sentAt: frame.sentAt, at: now) }
    }
    let half = waiting.count / 2
    switch order {
    case .together:
      run.notice(resumed)
      fold(waiting[...], &run, at: resumed)
    case .lookFirst:
      run.look(resumed)
      fold(waiting[...], &run, at: resumed + 2_000)
    case .foldFirst:
      fold(waiting[...], &run, at: resumed)
    case .inParts:
      run.notice(resumed)
      fold(waiting[..<half], &run, at: resumed)
      run.look(resumed + 1_000)
      fold(waiting[half...], &run, at: resumed + 50_000)
    case .stampedBefore:
      run.look(resumed)
      fold(waiting[..<1], &run, at: stopped - 1_000)
      fold(waiting[1...], &run, at: resumed + 1_000)
    }
    run.look(resumed + 10_000)
  }
}
