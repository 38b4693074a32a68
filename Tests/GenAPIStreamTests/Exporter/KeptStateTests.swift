import GenAPITelemetry
import GenAPIValue
import NIOCore
import TestRandom
import Testing

@testable import GenAPIStream

@Suite("What is newer than a state of a number")
struct KeptStateTests {
  /// Some functions, some of which come, go and count at random; in the order that a gateway has them.
  private struct Gateway {
    var random: SeededRandom
    var series: [SeriesState] = []
    var versions = EntryVersions()
    var state = GatewayState()

    mutating func step() {
      state.totals.requests += Int64.random(in: 0...1, using: &random)
      if Int.random(in: 0..<4, using: &random) == 0 {
        // Others: some go, some come, in an order of their own.
        series.removeAll { _ in Int.random(in: 0..<5, using: &random) == 0 }
        for _ in 0..<3 {
          let name = ByteText("f\(Int.random(in: 0..<30, using: &random))")
          if !series.contains(where: { $0.requestType == name }) {
            series.append(SeriesState(service: "s", requestType: name))
          }
        }
        series.sort { $0.requestType < $1.requestType }
        versions.restart(count: series.count)
      } else {
        versions.next()
        for place in series.indices where Int.random(in: 0..<6, using: &random) == 0 {
          series[place].requests += 1
          versions.changed(place)
        }
      }
      state.series = series
      if Bool.random(using: &random) {
        state.hotKeys = (0..<8).shuffled(using: &random).prefix(4).map {
          HotKeyState(limit: "l", keyValue: "k\($0)", used: Int.random(in: 0...1, using: &random), max: 5)
        }
      }
    }
  }

  private static func removed(_ change: GatewayStateChange) -> [ByteText: Set<ByteText>] {
    (change.removed ?? [:]).mapValues { Set($0) }
  }

  /// What one has and the other has not, and nothing else.
  private static func gone(from old: GatewayState, to new: GatewayState) -> [ByteText: Set<ByteText>] {
    func keys<Entry: StateEntry>(_ path: KeyPath<GatewayState, [Entry]>) -> Set<ByteText> {
      Set(old[keyPath: path].map(\.entryKey)).subtracting(new[keyPath: path].map(\.entryKey))
    }
    return ["series": keys(\.series), "hot_keys": keys(\.hotKeys)].filter { !$0.value.isEmpty }
  }

  private static func sorted(_ state: GatewayState) -> GatewayState {
    var state = state
    state.series.sort { $0.entryKey < $1.entryKey }
    state.hotKeys.sort { $0.entryKey < $1.entryKey }
    return state
  }

  @Test(
    "applied to any earlier state it gives this one, with and without versions of the series, in one line and in many",
    arguments: 1...12)
  func anyEarlier(seed: UInt64) throws {
    for isVersioned in [true, false] {
      var gateway = Gateway(random: SeededRandom(seed: seed))
      var kept = KeptState()
      var known: [(number: Int, state: GatewayState)] = []
      for _ in 0..<25 {
        gateway.step()
        kept.take(gateway.state, series: isVersioned ? gateway.versions : nil, oldest: known.first?.number)
        #expect(Self.sorted(kept.state) == Self.sorted(gateway.state))
        for (number, state) in known {
          let change = kept.changes(since: number)
          #expect(Self.removed(change) == Self.gone(from: state, to: gateway.state))
          var whole = state
          whole.apply(change)
          #expect(Self.sorted(whole) == Self.sorted(gateway.state))
          // No more than is needed, but for what came and went again meanwhile.
          let least = gateway.state.changes(since: state)
          #expect(change.series.count >= least.series.count)
          var inLines = state
          for line in StateEncoder.change(at: 1, sequence: 2, change, limit: 400) {
            guard case .state(1, 2, let piece) = try FrameDecoder.decode(line).get() else { continue }
            inLines.apply(piece)
          }
          #expect(Self.sorted(inLines) == Self.sorted(gateway.state))
        }
        if let last = known.last {
          let change = kept.changes(since: last.number)
          #expect(change.series.count == gateway.state.changes(since: last.state).series.count)
        }
        known.append((kept.number, gateway.state))
        if known.count > 6 { known.removeFirst() }
      }
    }
  }

  @Test("series that are told to have changed are changed where they are, and nothing else is looked at")
  func inPlace() {
    var series = (0..<100).map { SeriesState(service: "s", requestType: "f\($0)") }
    var versions = EntryVersions()
    versions.restart(count: 100)
    var kept = KeptState()
    func address() -> UInt { kept.state.series.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
    func take() {
      var state = GatewayState()
      state.series = series
      kept.take(state, series: versions, oldest: nil)
    }
    take()
    let first = address()
    versions.next()
    versions.changed(7)
    series[7].requests = 3
    // Not told, so not looked at.
    series[8].requests = 3
    take()
    #expect(address() == first)
    #expect(kept.changes(since: 1).series.map(\.requestType) == ["f7"])
    #expect(kept.state.series[8].requests == 0)
  }

  @Test("who missed more keys that are gone than are kept gets the whole state")
  func forgotten() {
    var gone = GoneEntries()
    for number in 0...GoneEntries.most { gone.note("k\(number)", of: "series", in: 5) }
    gone.forget(upTo: 1)
    #expect(gone.forgottenUpTo == 5 && gone.keys(since: 1) == nil)
    gone.note("other", of: "series", in: 7)
    #expect(gone.keys(since: 5) == ["series": ["other"]])
    gone.came("other", of: "series", in: 9)
    #expect(gone.keys(since: 5) == nil && !gone.isEmpty(of: "series"))
  }

  @Test("`removed` names no entry that came and went between two states, and each that whoever reads it has")
  func cameAndWent() {
    var gone = GoneEntries()
    gone.came("a", of: "subscribers", in: 3)
    gone.note("a", of: "subscribers", in: 5)
    gone.came("a", of: "subscribers", in: 6)
    gone.note("a", of: "subscribers", in: 8)
    gone.note("b", of: "subscribers", in: 8)
    let told = (1...8).map { gone.keys(since: $0)?["subscribers"] }
    #expect(told == [["b"], ["b"], ["a", "b"], ["a", "b"], ["b"], ["a", "b"], ["a", "b"], nil])
    // What nobody needs any more is forgotten, and changes no answer to those that are left.
    for number in 0..<2_000 { gone.came("k\(number)", of: "series", in: 4) }
    gone.forget(upTo: 5)
    #expect((5...8).map { gone.keys(since: $0)?["subscribers"] } == Array(told[4...]))
    #expect(gone.isEmpty(of: "series"))
  }

  @Test("a function is written as its type says, whatever it has", arguments: 1...40)
  func written(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var latency = LatencyHistogram()
    for _ in 0..<Int.random(in: 0...9, using: &random) {
      latency.record(Int64.random(in: 0...1_000_000, using: &random))
    }
    var series = SeriesState(
      service: "s \"\u{1}", requestType: "é", requests: .random(in: 0...(.max), using: &random),
      outcomes: ["ok": 5, "error": 7], retries: 3, latency: latency, maxUs: 9)
    if Bool.random(using: &random) { series.version = "1.0" }
    if Bool.random(using: &random) { (series.lastError, series.lastErrorAt) = ("boom", 4) }
    if Bool.random(using: &random) { (series.lastRefusal, series.lastRefusalAt) = ("full", 8) }
    var json = JSONWriter()
    EntryEncoder.write(series, &json)
    #expect(try Value(json: json.bytes) == ValueEncoder().encode(series))
    var function = FunctionState(
      service: "s \"", requestType: "é", enabled: Bool.random(using: &random), nodes: ["a@b", "c"],
      responseType: "async", source: "push", permission: "[\"x\"]", chooseNode: "sticky",
      hooks: ["before A.b"],
      changedAt: 7)
    if Bool.random(using: &random) { (function.version, function.configVersion) = ("1.0", "2") }
    if Bool.random(using: &random) { (function.timeoutMs, function.retry) = (5_000, "3 times") }
    json.restart()
    EntryEncoder.write(function, &json)
    #expect(try Value(json: json.bytes) == ValueEncoder().encode(function))
  }
}
