import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// The nodes of an Erlang cluster, for a gateway: it calls their functions as an Elixir gateway would.
///
/// ```swift
/// let node = try LocalNode(LocalNodeConfiguration(name: "gateway@127.0.0.1", cookie: .fromHome()))
/// let gateway = try Gateway(configuration: settings, remote: ErlangCluster(node: node))
/// ConfigService(gateway: gateway).serve(on: node)
/// ```
public final class ErlangCluster: RemoteCaller {
  /// This program's node.
  public let node: LocalNode
  let clock: any GatewayClock
  private let streams: RemoteStreams

  public var keepsTimeouts: Bool { true }

  /// Makes the cluster as a gateway's remote caller.
  public init(node: LocalNode, clock: any GatewayClock = SystemTime()) {
    self.node = node
    self.clock = clock
    streams = RemoteStreams(node: node)
  }

  public func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {
    node.watchNodes { event in
      switch event {
      case .up(let name): watcher(NodeChange(node: name, isUp: true))
      case .down(let name, let reason): watcher(NodeChange(node: name, isUp: false, reason: reason))
      }
    }
    node.watchDials { name, reason in
      watcher(NodeChange(node: name, isUp: false, reason: reason))
    }
  }

  public func call(
    _ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?
  ) async throws(RemoteCallError) -> FunctionResult {
    try await self.call(reference, call, on: node, timeout: timeout, connectingWithin: timeout)
  }

  public func call(
    _ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?,
    connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> FunctionResult {
    guard let stream = call.stream else {
      let began = clock.monotonicNanoseconds()
      let answer = try await self.answer(
        reference, call, on: node, timeout: timeout, connectingWithin: connecting, takesThrown: true)
      guard let encoder = call.resultEncoder, let data = Self.data(answer) else {
        return ElixirAnswer.result(answer, readsConfigs: call.asksForConfigs)
      }
      let spent = Duration.nanoseconds(clock.monotonicNanoseconds() - began)
      return try await encoded(data, by: encoder, on: node, timeout.map { max(.milliseconds(1), $0 - spent) })
    }
    return try await streams.feed(stream, on: node) { pid throws(RemoteCallError) in
      try await perform(
        reference, arguments(of: reference, call, streamPid: pid), on: node, timeout,
        connectingWithin: connecting, takesThrown: true)
    }
  }

  /// What the function returned, as it is.
  ///
  /// - Parameter takesThrown: also what it threw: `rpc:call`, by which a gateway in Elixir calls, knows no difference.
  func answer(
    _ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?,
    connectingWithin connecting: Duration?, takesThrown: Bool = false
  ) async throws(RemoteCallError) -> Term {
    try await perform(
      reference, arguments(of: reference, call, streamPid: nil), on: node, timeout,
      connectingWithin: connecting, takesThrown: takesThrown)
  }

  public func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
    async throws(RemoteCallError) -> Bool
  { try await allows(callback, request, on: node, timeout: timeout, connectingWithin: timeout) }

  public func allows(
    _ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?,
    connectingWithin connecting: Duration?
  ) async throws(RemoteCallError) -> Bool {
    let arguments = [Self.term(of: request)] + (try Self.ownArguments(of: callback))
    return try await perform(callback, arguments, on: node, timeout, connectingWithin: connecting)
      == .atom("true")
  }

  func perform(
    _ reference: FunctionReference, _ arguments: [Term], on node: ByteText, _ timeout: Duration?,
    connectingWithin connecting: Duration?, takesThrown: Bool = false
  ) async throws(RemoteCallError) -> Term {
    do throws(CallError) {
      return try await self.node.call(
        node, TermValue.module(reference.module).atomName ?? "", reference.function, arguments,
        timeout: timeout, connectingWithin: connecting)
    } catch {
      switch error {
      case .unreachable(let reason): throw .unreachable(reason)
      case .overloaded: throw .unreachable("too much waits to be sent to it")
      // What was asked may have run over there.
      case .connectionLost: throw .lost("the connection was lost")
      case .timeout: throw .timeout(timeout ?? .zero)
      case .cancelled: throw .cancelled
      case .thrown(let term) where takesThrown: return term
      case .thrown, .exited, .raised, .unreadable: throw .raised(ByteText(error.description))
      }
    }
  }

  /// What stands behind `:ok`, which is all that an encoder gets; nil for any other answer.
  private static func data(_ term: Term) -> Term? {
    guard let parts = term.tupleElements, parts.count == 2, parts[0] == .atom("ok") else { return nil }
    return parts[1]
  }

  /// The result after its config's encoder, which runs where the function ran and gets the very term that it answered.
  private func encoded(
    _ data: Term, by encoder: FunctionReference, on node: ByteText, _ timeout: Duration?
  ) async throws(RemoteCallError) -> FunctionResult {
    let arguments = [data] + (try Self.ownArguments(of: encoder))
    do throws(RemoteCallError) {
      return .ok(
        TermValue.value(try await perform(encoder, arguments, on: node, timeout, connectingWithin: timeout)))
    } catch {
      switch error {
      case .cancelled: throw error
      default: return .error(.encoding("\(error)"))
      }
    }
  }

  /// The arguments that a config states.
  static func ownArguments(of reference: FunctionReference) throws(RemoteCallError) -> [Term] {
    do {
      return try ArgumentTerms.terms(of: reference)
    } catch {
      throw .raised("the arguments of \(reference.name) cannot be read: \(error)")
    }
  }

  /// What a function is called with: what its config states, as it came, then what the request has. The request info, when it
  /// asks for it, is a map with atom keys.
  private func arguments(of reference: FunctionReference, _ call: FunctionCall, streamPid: Pid?)
    throws(RemoteCallError) -> [Term]
  {
    var terms = try Self.ownArguments(of: reference)
    terms += call.arguments.dropFirst(reference.arguments.count).map(TermValue.term)
    ElixirTime.put(call.times, into: &terms)
    if call.hasRequestInfo, let info = call.arguments.last?.object {
      var pairs = TermValue.termWithAtomKeys(info)
      pairs.append((key: .atom(FunctionErrorTerm.key), value: .atom("true")))
      if let streamPid { pairs.append((key: .atom("stream_pid"), value: .pid(streamPid))) }
      terms[terms.count - 1] = .map(TermMap(pairs))
    }
    return terms
  }

  /// A `%Request{}`.
  static func term(of request: Request) -> Term {
    .map(
      TermMap([
        (key: .atom("__struct__"), value: .atom("Elixir.PhoenixGenApi.Structs.Request")),
        (key: .atom("request_type"), value: .text(request.requestType)),
        (key: .atom("request_id"), value: TermValue.term(request.requestIDValue)),
        (key: .atom("service"), value: .text(request.service)),
        (key: .atom("user_id"), value: .text(orNil: request.userID)),
        (
          key: .atom("device_id"),
          value: request.deviceID == nil ? .atom("nil") : TermValue.term(request.deviceIDValue)
        ),
        (key: .atom("args"), value: TermValue.term(.object(request.args))),
        (key: .atom("user_roles"), value: request.userRoles.map { .list($0.map(Term.text)) } ?? .atom("nil")),
        (key: .atom("version"), value: .text(orNil: request.version)),
      ]))
  }
}
