import ErlangNode
import GenAPIGateway
import GenAPIValue
import Locking

/// A function of other nodes that is called as if it were one of this program.
///
/// ```swift
/// let findUser = RemoteFunction<User>(cluster, "MyApp.Users.find", on: .list(["app@host1", "app@host2"]))
/// let user = try await findUser("123")
/// ```
///
/// Which node is asked first is up to `choice`; one that cannot be reached is followed by the next at once. What
/// failed on a node that was reached is tried again only when `retry` says so, after a `pause`.
@dynamicMemberLookup
public struct RemoteFunction<Answer: Decodable & Sendable>: Sendable {
  private let cluster: ErlangCluster
  private let reference: FunctionReference
  private let state: RemoteFunctionState
  /// Where it is and how it is called; each of them is a property of the function, too: `find.timeout = nil`.
  public var options: RemoteModule.Options

  /// - Parameter name: `Module.function`; the result is nil when there is no dot in it.
  public init?(
    _ cluster: ErlangCluster, _ name: ByteText, on nodes: RemoteNodes, choice: RemoteNodeChoice = .random,
    timeout: Duration? = .seconds(5), retry: RetryPolicy? = nil, pause: RetryPause = .growing
  ) {
    guard let reference = FunctionReference(parsing: name) else { return nil }
    self.init(
      cluster, reference,
      RemoteModule.Options(nodes: nodes, choice: choice, timeout: timeout, retry: retry, pause: pause))
  }

  init(_ cluster: ErlangCluster, _ reference: FunctionReference, _ options: RemoteModule.Options) {
    self.cluster = cluster
    self.reference = reference
    self.options = options
    state = RemoteFunctionState(clock: cluster.clock)
  }

  /// One of the options.
  public subscript<Option>(dynamicMember option: WritableKeyPath<RemoteModule.Options, Option>) -> Option {
    get { options[keyPath: option] }
    set { options[keyPath: option] = newValue }
  }

  /// - Throws: `RemoteCallError` when there is no answer, `FunctionError` when it is `{:error, reason}`,
  ///   `DecodingError` when it is of another form.
  public func callAsFunction(_ arguments: (any Encodable & Sendable)...) async throws -> Answer {
    try await call(try arguments.map { try ValueEncoder().encode($0) })
  }

  func call(_ values: [Value]) async throws -> Answer {
    let call = FunctionCall(arguments: values)
    var order = try await orderedNodes(values)
    var attempt = 0
    while true {
      do {
        switch try await self.attempt(call, order) {
        case .ok(let value): return try ValueDecoder().decode(Answer.self, from: value)
        case .error(let error): throw error
        }
      } catch let error as RemoteCallError where error != .cancelled {
        attempt += 1
        guard let retry = options.retry, attempt <= retry.attempts else { throw error }
        try await state.clock.sleep(milliseconds: options.pause.milliseconds(attempt))
        if case .allNodes = retry { order = try await orderedNodes(values) }
      }
    }
  }

  private func attempt(_ call: FunctionCall, _ order: [ByteText]) async throws(RemoteCallError)
    -> FunctionResult
  {
    var last = RemoteCallError.unreachable("there is no node")
    let startNs = state.clock.monotonicNanoseconds()
    for (index, node) in order.enumerated() {
      let rest = options.timeout.map { $0 - .nanoseconds(state.clock.monotonicNanoseconds() - startNs) }
      if let rest, rest <= .zero { break }
      do {
        return ElixirAnswer.result(
          try await cluster.answer(
            reference, call, on: node, timeout: rest,
            connectingWithin: NodeBudget.connecting(of: rest, isLast: index + 1 == order.count)),
          readsTuples: true)
      } catch {
        // It did not run there, so the next node may have it.
        guard case .unreachable(let reason) = error else { throw error }
        last = .unreachable(NodeReason.text(node, reason))
      }
    }
    throw last
  }

  private func orderedNodes(_ arguments: [Value]) async throws -> [ByteText] {
    let listed: [ByteText]
    switch options.nodes {
    case .list(let names): listed = names
    case .function(let list): listed = try await list()
    }
    return state.order(listed, options.choice.nodeChoice, arguments, reference)
  }
}

/// What the calls of one function share: whose turn it is, and who sticks where.
final class RemoteFunctionState: Sendable {
  let clock: any GatewayClock
  private let turn = Atomic<UInt64>(0)
  private let selector: NodeSelector

  init(clock: any GatewayClock) {
    self.clock = clock
    selector = NodeSelector(sticky: StickyNodes(capacity: 100_000), clock: clock)
  }

  func order(_ nodes: [ByteText], _ choice: NodeChoice, _ arguments: [Value], _ reference: FunctionReference)
    -> [ByteText]
  {
    var named = ValueObject()
    for (index, argument) in arguments.enumerated() { named["\(index)"] = argument }
    let request = Request(
      service: reference.module, requestType: reference.function,
      requestID: ByteText(Value.array(arguments).json),
      args: named)
    return selector.order(
      nodes, by: choice, for: request, turn: turn.wrappingAdd(1, ordering: .relaxed).oldValue)
  }
}
