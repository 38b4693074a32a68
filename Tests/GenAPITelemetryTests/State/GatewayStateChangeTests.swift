import GenAPITelemetry
import TestRandom
import Testing

@Suite("Changes of the gateway's state")
struct GatewayStateChangeTests {
  @Test("applying the changes gives the new state")
  func property() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<300 {
      let old = Self.state(&random)
      let new = Self.state(&random)
      var folded = old
      folded.apply(new.changes(since: old))
      #expect(Self.sorted(folded) == Self.sorted(new))
    }
  }

  @Test("a state has no changes since itself")
  func none() {
    var random = SeededRandom(seed: 6)
    let state = Self.state(&random)
    #expect(state.changes(since: state) == GatewayStateChange())
  }

  @Test("only entries that differ are part of a change")
  func sparse() {
    var old = GatewayState()
    old.series = [
      SeriesState(service: "a", requestType: "x", requests: 1),
      SeriesState(service: "b", requestType: "x", requests: 1),
    ]
    var new = old
    new.series[1].requests = 2
    let change = new.changes(since: old)
    #expect(change.series == [new.series[1]])
    #expect(change.totals == nil)
    #expect(change.removed == nil)
  }

  @Test("entries that are gone are named by key under their section")
  func removed() {
    var old = GatewayState()
    old.hotKeys = [HotKeyState(limit: "l", keyValue: "u_1", used: 1, max: 2)]
    old.nodes = [ServiceNodeState(node: "n1")]
    let change = GatewayState().changes(since: old)
    #expect(change.removed == ["hot_keys": ["l\u{1F}u_1"], "nodes": ["n1"]])
  }

  @Test("entries keep their place; new ones go to the end")
  func order() {
    var state = GatewayState()
    state.pools = [PoolState(name: "a", workers: 1), PoolState(name: "b", workers: 1)]
    var change = GatewayStateChange()
    change.pools = [PoolState(name: "c", workers: 1), PoolState(name: "a", workers: 2)]
    state.apply(change)
    #expect(state.pools.map(\.name) == ["a", "b", "c"])
    #expect(state.pools[0].workers == 2)
  }

  private static func state(_ random: inout SeededRandom) -> GatewayState {
    func some(_ random: inout SeededRandom) -> [Int] {
      (0..<6).filter { _ in Bool.random(using: &random) }
    }
    func count(_ random: inout SeededRandom) -> Int64 { Int64.random(in: 0...2, using: &random) }
    var state = GatewayState()
    state.totals.requests = count(&random)
    state.sockets.open = Int(count(&random))
    state.process.residentBytes = count(&random)
    state.series = some(&random).map {
      SeriesState(service: "s\($0)", requestType: "t", version: $0 > 2 ? "1" : nil, requests: count(&random))
    }
    state.limits = some(&random).map {
      LimitState(
        id: "l\($0)", scope: "global", key: "user_id", maxRequests: 1, windowMs: 1, checks: count(&random))
    }
    state.hotKeys = some(&random).map {
      HotKeyState(limit: "l", keyValue: "\($0)", used: Int(count(&random)), max: 9)
    }
    state.pools = some(&random).map { PoolState(name: "p\($0)", workers: Int(count(&random))) }
    state.breakers = some(&random).map {
      BreakerState(pool: "p", worker: $0 > 0 ? $0 : nil, openedCount: count(&random))
    }
    state.functions = some(&random).map {
      FunctionState(service: "s\($0)", requestType: "t", changedAt: count(&random))
    }
    state.services = some(&random).map { ServiceState(service: "s\($0)", functions: Int(count(&random))) }
    state.configChanges = some(&random).map {
      ConfigChangeState(id: Int64($0), at: count(&random), kind: "added", service: "s")
    }
    state.failedConfigs = some(&random).map {
      FailedConfigState(id: Int64($0), at: count(&random), service: "s", source: "push")
    }
    state.relay = some(&random).map {
      GroupState(groupID: "g\($0)", groupType: "public", messages: count(&random))
    }
    state.hooks = some(&random).map {
      HookState(module: "m", function: "f\($0)", phase: "before", runs: count(&random))
    }
    state.nodes = some(&random).map { ServiceNodeState(node: "n\($0)", calls: count(&random)) }
    state.subscribers = some(&random).map { SubscriberState(id: $0, peer: "p", sent: count(&random)) }
    return state
  }

  /// Order is no part of what a change promises.
  private static func sorted(_ state: GatewayState) -> GatewayState {
    func sort<Entry: StateEntry>(_ list: inout [Entry]) { list.sort { $0.entryKey < $1.entryKey } }
    var state = state
    sort(&state.series)
    sort(&state.limits)
    sort(&state.hotKeys)
    sort(&state.pools)
    sort(&state.breakers)
    sort(&state.functions)
    sort(&state.services)
    sort(&state.configChanges)
    sort(&state.failedConfigs)
    sort(&state.relay)
    sort(&state.hooks)
    sort(&state.nodes)
    sort(&state.subscribers)
    return state
  }
}
