import OutsideText

/// Who calls a function of this node.
public struct Caller: Sendable, Hashable {
  /// The node that the call came from.
  public let node: ByteText
  /// What prints for it: the console that a person typed the call at. nil where the caller did not say.
  public let groupLeader: Pid?

  /// Makes a caller.
  public init(node: ByteText, groupLeader: Pid? = nil) {
    self.node = node
    self.groupLeader = groupLeader
  }
}

extension LocalNode {
  /// Makes a function callable by other nodes that is told who calls it.
  public func register(
    _ module: ByteText, _ function: ByteText,
    withCaller body: @escaping @Sendable ([Term], Caller) async throws -> Term
  ) {
    core.withState { $0.functions[module, default: [:]][function] = body }
  }

  /// Writes text where a caller's own `io:put_chars` would, as Erlang's functions do that other nodes call.
  ///
  /// It comes there before the answer of the call. Nothing is waited for: whoever is gone reads nothing.
  public func write(_ text: ByteText, at caller: Caller) {
    guard let leader = caller.groupLeader, leader.node != name, let peer = core.peer(leader.node) else {
      return
    }
    // The answer goes to a process that takes it for whoever prints here.
    let request = Term.tuple([
      .atom("io_request"), .pid(core.groupLeader), .reference(core.reference(core.makeNumber())),
      .tuple([.atom("put_chars"), .atom("unicode"), .text(text)]),
    ])
    peer.send(.send(to: leader, request))
  }

  /// The same for a function whose calls cost much: of each node one runs at a time, until its answer is on its way, and at most
  /// 1 000 wait; more end with `system_limit`.
  package func registerInTurn(
    _ module: ByteText, _ function: ByteText,
    withCaller body: @escaping @Sendable ([Term], Caller) async throws -> Term
  ) {
    core.withState { _ = $0.inTurn[module, default: []].insert(function) }
    register(module, function, withCaller: body)
  }
}
