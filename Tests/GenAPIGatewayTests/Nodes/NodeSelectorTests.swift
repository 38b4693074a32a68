import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Which node is asked, and which next")
struct NodeSelectorTests {
  private static let nodes: [ByteText] = ["a@h", "b@h", "c@h", "d@h"]

  private func request(_ key: Int) -> Request {
    Request(
      service: "s", requestType: "t", requestID: "r", args: ["key": .string("k\(key)")])
  }

  /// How many of the requests each node gets, when some are gone.
  private func load(
    _ choice: NodeChoice, without gone: Set<ByteText>, _ selector: NodeSelector
  ) -> [ByteText: Int] {
    var load: [ByteText: Int] = [:]
    for number in 0..<1_200 {
      let order = selector.order(Self.nodes, by: choice, for: request(number), turn: UInt64(number))
      #expect(order.sorted() == Self.nodes)
      if let node = order.first(where: { !gone.contains($0) }) { load[node, default: 0] += 1 }
    }
    return load
  }

  @Test(
    "a node that is gone leaves its requests to all the others, however nodes are chosen",
    arguments: [NodeChoice.random, .roundRobin, .hashKey("key"), .sticky("key")])
  func shares(_ choice: NodeChoice) {
    let selector = NodeSelector(sticky: StickyNodes(), clock: VirtualClock())
    for gone in [["b@h"], ["b@h", "c@h"]] as [Set<ByteText>] {
      let load = load(choice, without: gone, selector)
      let fair = 1_200 / (Self.nodes.count - gone.count)
      for node in Self.nodes where !gone.contains(node) {
        #expect((fair * 3 / 4...fair * 5 / 4).contains(load[node] ?? 0), "\(choice) \(node) \(load)")
      }
    }
  }

  @Test(
    "a sticky key in use keeps its node for as long as it is used, and one that rests an hour may get another"
  )
  func expiry() {
    let sticky = StickyNodes()
    let minute: Int64 = 60 * 1_000_000_000
    func nodes(at time: Int64) -> [ByteText] {
      (0..<60).map { number in
        sticky.node(
          for: StickyNodes.Key(service: "s", requestType: "t", key: "key", value: ByteText("k\(number)")),
          among: Self.nodes, now: time)
      }
    }
    let first = nodes(at: 0)
    for step in stride(from: 50, through: 500, by: 50) { #expect(nodes(at: Int64(step) * minute) == first) }
    #expect(nodes(at: 561 * minute) != first)
  }
}
