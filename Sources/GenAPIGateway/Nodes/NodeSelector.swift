import GenAPITelemetry
import GenAPIValue

/// Chooses the node for a request, and the order of those to fall back to.
package struct NodeSelector: Sendable {
  let sticky: StickyNodes
  let clock: any GatewayClock
  let compatibility: NodeChoiceCompatibility

  package init(
    sticky: StickyNodes, clock: any GatewayClock, compatibility: NodeChoiceCompatibility = .own
  ) {
    self.sticky = sticky
    self.clock = clock
    self.compatibility = compatibility
  }

  /// All of `nodes`, the chosen one first.
  ///
  /// - Parameter turn: counts up from call to call; only `roundRobin` looks at it.
  package func order(
    _ nodes: [ByteText], by choice: NodeChoice, for request: Request, turn: @autoclosure () -> UInt64
  ) -> [ByteText] {
    guard nodes.count > 1 else { return nodes }
    if compatibility == .elixir, let order = elixirOrder(nodes, by: choice, for: request) { return order }
    switch choice {
    case .random: return nodes.shuffled()
    case .hash: return Self.rendezvous(nodes, key: request.requestID)
    case .hashKey(let key):
      guard let value = RequestKey.argument(key).value(of: request) else { return nodes.shuffled() }
      return Self.rendezvous(nodes, key: KeyValue.bounded(value))
    case .roundRobin:
      let (round, start) = turn().quotientAndRemainder(dividingBy: UInt64(nodes.count))
      let others = nodes[(Int(start) + 1)...] + nodes[..<Int(start)]
      // Each round begins elsewhere among the others: a node that is gone leaves its calls to all of them.
      let second = others.index(others.startIndex, offsetBy: Int(round % UInt64(others.count)))
      return [nodes[Int(start)]] + others[second...] + others[..<second]
    case .sticky(let key):
      guard let value = key.value(of: request) else { return nodes.shuffled() }
      let bounded = KeyValue.bounded(value)
      let chosen = sticky.node(
        for: StickyNodes.Key(
          service: request.service, requestType: request.requestType, key: key, value: bounded),
        among: nodes, now: clock.monotonicNanoseconds())
      // A node that is gone leaves its keys to all the others, each to one.
      return [chosen] + Self.rendezvous(nodes.filter { $0 != chosen }, key: bounded)
    }
  }

  /// Whether turns or chance decide for a request, so that it would be another node each time.
  func isByChance(_ choice: NodeChoice, for request: Request) -> Bool {
    switch choice {
    case .random, .roundRobin: true
    case .hash: false
    case .hashKey(let key): RequestKey.argument(key).value(of: request) == nil
    case .sticky(let key): key.value(of: request) == nil
    }
  }

  /// The node that a request goes to first, where what it says alone decides that; nil where chance, turns or what was chosen
  /// before do.
  func foreseen(_ nodes: [ByteText], by choice: NodeChoice, for request: Request) -> ByteText? {
    switch choice {
    case .random, .roundRobin, .sticky: return nil
    case .hashKey(let key) where RequestKey.argument(key).value(of: request) == nil: return nil
    case .hash, .hashKey: return order(nodes, by: choice, for: request, turn: 0).first
    }
  }

  /// The node that an Elixir gateway chooses, and then the others as they are listed; nil where it chooses none.
  private func elixirOrder(_ nodes: [ByteText], by choice: NodeChoice, for request: Request) -> [ByteText]? {
    func hashed(_ value: Value) -> ByteText { nodes[Int(ErlangHash.of(value, range: UInt32(nodes.count)))] }
    let chosen: ByteText
    switch choice {
    case .random, .roundRobin: return nil
    case .hash: chosen = hashed(request.requestIDValue)
    case .hashKey(let name):
      guard let value = request.args[name], !value.isNull else { return nil }
      chosen = hashed(value)
    case .sticky(let key):
      guard let value = key.value(of: request) else { return nil }
      var raw = Value.string(value)
      if case .argument(let name) = key, let argument = request.args[name] { raw = argument }
      chosen = sticky.node(
        for: StickyNodes.Key(
          service: request.service, requestType: request.requestType, key: key,
          value: KeyValue.bounded(value)),
        among: nodes, now: clock.monotonicNanoseconds(), first: hashed(raw))
    }
    return [chosen] + nodes.filter { $0 != chosen }
  }

  /// Highest random weight: each node is weighed with the key, the heaviest wins. A node that leaves moves
  /// only its own keys.
  static func rendezvous(_ nodes: [ByteText], key: ByteText) -> [ByteText] {
    nodes.map { (node: $0, weight: StableHash.of($0, key)) }
      .sorted { ($0.weight, $0.node) > ($1.weight, $1.node) }
      .map(\.node)
  }
}

/// FNV-1a with a final mix: the same on every machine and in every run, unlike the language's own hashing.
enum StableHash {
  static func of(_ a: ByteText, _ b: ByteText) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in a.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ 0xff) &* 0x100_0000_01b3
    for byte in b.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash ^= hash >> 33
    hash &*= 0xff51_afd7_ed55_8ccd
    hash ^= hash >> 33
    hash &*= 0xc4ce_b9fe_1a85_ec53
    return hash ^ (hash >> 33)
  }
}
