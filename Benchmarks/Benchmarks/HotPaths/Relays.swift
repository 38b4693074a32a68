import Benchmark
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Synchronization

/// A message to all members of a group, beside appending it to as many arrays; and what others notice of it.
///
/// What is named "one by one" is timed call by call: a thousand messages to 10 000 members would be one second a run.
func relayBenchmarks() {
  for members in [10, 100, 1_000, 10_000] {
    let isLarge = members >= 1_000
    let configuration = Benchmark.Configuration(
      metrics: [.wallClock], scalingFactor: isLarge ? .one : .kilo, maxDuration: .seconds(2),
      maxIterations: 2_000)
    let note = isLarge ? ", one by one" : ""
    let group = Made { try Group(members) }
    Benchmark("relay to \(members) members\(note)", configuration: configuration) { benchmark in
      let group = try group.get()
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { try group.send() }
      benchmark.stopMeasurement()
    }
    let inboxes = Made { (0..<members).map { Inbox(UInt64($0)) } }
    let response = Response.sync("r", ["message": "hello"])
    Benchmark("baseline: append to \(members) arrays\(note)", configuration: configuration) { benchmark in
      let inboxes = try inboxes.get()
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { for inbox in inboxes { inbox.push(response) } }
      benchmark.stopMeasurement()
    }
  }
  neighbourBenchmarks()
}

/// A message to a small group on one thread, while another thread sends to a group of 10 000, and while that thread does
/// as much that has nothing to do with relays.
private func neighbourBenchmarks() {
  let configuration = Benchmark.Configuration(
    metrics: [.wallClock], scalingFactor: .one, maxDuration: .seconds(3), maxIterations: 100_000)
  let neighbours = Made { try Neighbours() }
  func measure(_ name: String, beside work: (@Sendable (Neighbours) -> Void)?) {
    let name = "a relay to 10 members\(name), one by one"
    let send: @Sendable (Benchmark) throws -> Void = { benchmark in
      let neighbours = try neighbours.get()
      benchmark.startMeasurement()
      try neighbours.small.send()
      benchmark.stopMeasurement()
    }
    guard let work else { return _ = Benchmark(name, configuration: configuration, closure: send) }
    let other = Companion {
      let neighbours = try neighbours.get()
      return { _ in work(neighbours) }
    }
    accompaniedBenchmark(name, configuration: configuration, by: other, send)
  }
  measure("", beside: nil)
  measure(" beside other work") { neighbours in
    for inbox in neighbours.strangers { inbox.push(.sync("r", ["message": "hello"])) }
  }
  measure(" beside relays to 10000") { try? $0.large.send() }
}

/// A small and a large group of one relay, and as many connections that are in neither.
private final class Neighbours: Sendable {
  let small: Group
  let large: Group
  let strangers = (0..<10_000).map { Inbox(1_000_000 + UInt64($0)) }

  init() throws {
    small = try Group(10, named: "small")
    large = try Group(10_000, named: "large", on: small.relay)
  }
}
