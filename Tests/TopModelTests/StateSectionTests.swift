import Foundation
import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TestStates
import Testing

@testable import TopModel

@Suite("The sections of a state in the model")
struct StateSectionTests {
  /// Numbers that are names: an entry is found by them, and nobody counts with them.
  private let identities: Set<ByteText> = ["id", "worker"]

  @Test("a number of any field of any section is at least 0 and at most 2^53", arguments: [Int64.min, .max])
  func numbers(number: Int64) throws {
    var state = try GatewayState.example(number: number)
    state.process.cpuSeconds = number > 0 ? .infinity : -.infinity
    var bound = NumberBound()
    state.edit(&bound)
    let fields = try WrittenField.all(of: state).filter { !identities.contains($0.key) }
    #expect(fields.count > 100)
    for field in fields {
      if let count = field.value.int {
        // A sum is bounded where it is read.
        if field.key == "sum" { continue }
        #expect((0...1 << 53).contains(count), "\(field.section) \(field.key) is \(count)")
      }
    }
  }

  @Test("every time of every section moves with the gateway's clock, and nothing else does")
  func times() throws {
    let state = try GatewayState.example(number: 1_000_000)
    var moved = state
    var shift = ClockShift()
    shift.follow(5_000_000)
    moved.edit(&shift)
    for (before, after) in zip(try WrittenField.all(of: state), try WrittenField.all(of: moved)) {
      let isTime = before.key == "at" || before.key == "since" || before.key.hasSuffix("_at")
      guard isTime else {
        #expect(after.value == before.value, "\(before.section) \(before.key)")
        continue
      }
      #expect(after.value.int == 6_000_000, "\(before.section) \(before.key)")
    }
  }

  @Test("of a past moment every section is known that says it is kept")
  func past() throws {
    let state = try GatewayState.example()
    let slow = SlowState(state, sharing: nil)
    #expect(slow.limits == state.limits && slow.hotKeys == state.hotKeys && slow.pools == state.pools)
    #expect(slow.functions == state.functions && slow.failedConfigs == state.failedConfigs)
    #expect(slow.nodes.map(\.calls) == [0] && slow.nodes.map(\.node) == ["a"])
    #expect(slow.relay.isEmpty && slow.series.isEmpty && slow.hooks.isEmpty && slow.subscribers.isEmpty)
    #expect(slow.storedBytes(beside: slow) == SlowState.ownBytes)
    #expect(slow.storedBytes(beside: nil) > 1_000)
  }

  @Test("the summary has every section that says so, and its schema too")
  func summary() throws {
    var model = ClusterModel(targets: ["gw1:4710"])
    let state = try GatewayState.example()
    model.fold(.connected(Hello(node: "gw1", software: "", startedAt: 1)), of: 0, at: 10_000_000)
    model.fold(.frame(.snapshot(at: 10_000_000, sequence: 0, state)), of: 0, at: 10_000_000)
    let document = try ValueEncoder().encode(model.summary)
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/once.schema.json")
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    let places = model.summary.lists.map(\.place)
    #expect(places.contains(["subscribers"]) && places.contains(["configs", "changes"]))
    for place in places {
      let list = place.reduce(document) { $0.object?[$1] ?? .null }
      #expect(list.array?.count == 1 && list.array?[0].object?["node"] == "gw1", "\(place)")
      var described: [String: Any]? = schema
      for field in place {
        let required = described?["required"] as? [String] ?? []
        #expect(required.contains(field.string), "\(place)")
        described = (described?["properties"] as? [String: Any])?[field.string] as? [String: Any]
      }
      #expect(described?["type"] as? [String] == ["array", "null"], "\(place)")
    }
  }
}
