import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import TopModel

@Suite("States in which nothing happened")
struct QuietStateTests {
  /// Something of a gateway changes, or nothing but its process.
  private static func change(_ state: inout GatewayState, _ kind: Int, second: Int64) {
    state.process.cpuSeconds += 0.25
    state.process.uptimeMs += 1_000
    if second % 7 == 0 { state.process.residentBytes += 4_096 }
    if second % 11 == 0 { state.process.droppedLogLines += 2 }
    switch kind {
    case 0: state.add("users", "get", ok: [500, 900])
    case 1: state.add("orders", "put", started: 2, ok: [1_200])
    case 2: state.relay = [GroupState(groupID: "room", groupType: "chat", messages: second)]
    case 3: state.pools = [PoolState(name: "calls", workers: 4, rejected: second)]
    case 4: state.nodes = [ServiceNodeState(node: "a@b", up: true, calls: second)]
    case 5: state.totals.eventsEmitted += 3
    case 6: state.readiness = ReadinessState(fault: second % 2 == 0 ? "no seeds" : nil)
    case 7: state.series = []
    default: break
    }
  }

  /// All that is kept of a second.
  private static func text(_ sample: SecondSample) -> String {
    "\(Array(sample.series)) "
      + Mirror(reflecting: sample).children.filter { $0.label != "series" }.map { "\($0)" }.joined()
  }

  @Test(
    "what is kept of a gateway is the same whether its states are known to be quiet or are compared in whole")
  func sameHistory() {
    for seed in 0..<30 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      var (one, other) = (TargetHistory(), TargetHistory())
      var state = GatewayState()
      var now = ModelFixture.start
      for second in 0..<200 as Range<Int64> {
        let kind = Bool.random(using: &random) ? 99 : Int.random(in: 0...9, using: &random)
        let before = state
        Self.change(&state, kind, second: second)
        switch Int.random(in: 0..<50, using: &random) {
        case 0: now += 4_000_000
        case 1:
          // The clock was set back.
          now -= 20_000_000
          one.rewind(to: now)
          other.rewind(to: now)
        default: now += 1_000_000
        }
        let isQuiet = second > 0 && state.changes(since: before).processAlone != nil
        one.record(state, at: now, isQuiet: isQuiet)
        other.record(state, at: now)
        #expect(
          one.samples.last.map(Self.text) == other.samples.last.map(Self.text),
          "seed \(seed), second \(second), kind \(kind)")
      }
      #expect(
        one.samples.map(Self.text) == other.samples.map(Self.text) && one.sampleBytes == other.sampleBytes)
      #expect(one.slow.map(\.second) == other.slow.map(\.second))
      #expect(one.slow.map(\.state) == other.slow.map(\.state))
      #expect(one.relay.lists.map(\.groups) == other.relay.lists.map(\.groups))
      #expect(one.awake == other.awake)
    }
  }

  @Test("only what tells of the process alone is quiet")
  func processAlone() {
    for kind in 0...8 {
      var state = GatewayState()
      state.add("users", "get", ok: [100])
      let before = state
      Self.change(&state, kind, second: 5)
      let found = state.changes(since: before).processAlone
      #expect((found == state.process) == (kind == 8) && (found == nil) == (kind != 8), "\(kind)")
    }
    #expect(GatewayStateChange().processAlone == nil)
    #expect(GatewayStateChange(process: ProcessState(threads: 3)).processAlone?.threads == 3)
    var gone = GatewayStateChange(process: ProcessState())
    gone.removed = ["pools": ["a"]]
    #expect(gone.processAlone == nil)
  }

  @Test(
    "a gateway that is heard and tells of its process alone is no news; one that was silent, and all else, is"
  )
  func news() {
    var fixture = ModelFixture(gateways: 2)
    func isNews(_ body: (inout ModelFixture) -> Void) -> Bool {
      let before = fixture.model.news
      body(&fixture)
      return fixture.model.news != before
    }
    #expect(isNews { $0.tick { state, _ in state.add(ok: [100]) } })
    #expect(!isNews { $0.tick { state, _ in state.process.cpuSeconds += 1 } })
    #expect(
      isNews {
        $0.tick { state, index in if index == 1 { state.add(ok: [100]) } else { state.process.threads += 1 } }
      })
    // Both were silent for a while.
    #expect(
      isNews {
        $0.second += 10
        $0.tick { state, _ in state.process.cpuSeconds += 1 }
      })
    #expect(!isNews { $0.tick { state, _ in state.process.cpuSeconds += 1 } })
    #expect(isNews { $0.model.fold(.failed("refused"), of: 0, at: $0.now) })
    #expect(
      isNews {
        $0.model.fold(
          .frame(.dropped(at: $0.now, DroppedEvents(count: 1, fromSequence: 1, toSequence: 1))), of: 1,
          at: $0.now)
      })
    #expect(
      isNews {
        $0.model.fold(.frame(.event(EventRecord(sequence: 1, at: $0.now, name: "a.b"))), of: 1, at: $0.now)
      })
  }

  @Test("memory, processor and time of a quiet gateway are those that it told last")
  func processIsShown() throws {
    var fixture = ModelFixture()
    for second in 1...20 as ClosedRange<Int64> {
      fixture.tick { state, _ in
        state.process = ProcessState(
          cpuSeconds: 0.5 * Double(second), residentBytes: 1_000 * second, uptimeMs: 1_000 * second)
      }
    }
    let target = fixture.model.targets[0]
    #expect(
      target.state.process.uptimeMs == 20_000 && target.history.slowState(at: .max)?.residentBytes == 20_000)
    #expect(target.history.samples.suffix(10).allSatisfy { $0.cpuSeconds == 0.5 && $0.watched == 1 })
  }

  @Test("the processor shown is the newest, whatever the window is, also of a moment before")
  func newestProcessor() throws {
    var fixture = ModelFixture()
    var used = 0.0
    for second in 1...60 as ClosedRange<Int64> {
      // A minute of which the last two seconds are busy.
      used += second > 58 ? 0.9 : 0.1
      fixture.tick { state, _ in state.process.cpuSeconds = used }
    }
    for window in [StatisticsWindow.tenSeconds, .oneMinute] {
      var settings = ViewSettings()
      settings.window = window
      let row = try #require(fixture.model.nodes(settings).first { $0.kind == .gateway })
      #expect(abs((row.cpuPercent ?? 0) - 90) < 1, "\(String(describing: row.cpuPercent))")
      settings.moment = .at(fixture.now - 10_000_000)
      let before = try #require(fixture.model.nodes(settings).first { $0.kind == .gateway })
      #expect(abs((before.cpuPercent ?? 0) - 10) < 1, "\(String(describing: before.cpuPercent))")
    }
  }
}
