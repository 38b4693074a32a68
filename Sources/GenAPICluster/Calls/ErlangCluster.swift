import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Synchronization

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
  /// Streams that services of a node feed, so that they end with it.
  private let streams = Mutex<[ByteText: [UInt32: Mailbox]]>([:])

  /// Makes the cluster as a gateway's remote caller.
  public init(node: LocalNode, clock: any GatewayClock = SystemTime()) {
    self.node = node
    self.clock = clock
    node.watchNodes { [weak self] event in
      if case .down(let name, _) = event { self?.endStreams(of: name) }
    }
  }

  public func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {
    node.watchNodes { event in
      switch event {
      case .up(let name): watcher(NodeChange(node: name, isUp: true))
      case .down(let name, let reason): watcher(NodeChange(node: name, isUp: false, reason: reason))
      }
    }
  }

  public func call(_ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeoutMs: Int64?)
    async throws(RemoteCallError) -> FunctionResult
  {
    guard let stream = call.stream else {
      let arguments = arguments(call, streamPid: nil)
      return Self.result(try await perform(reference, arguments, on: node, timeoutMs))
    }
    return try await feed(stream, reference, call, on: node, timeoutMs)
  }

  public func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeoutMs: Int64?)
    async throws(RemoteCallError) -> Bool
  {
    let arguments = [Self.term(of: request)] + callback.arguments.map(TermValue.term)
    return try await perform(callback, arguments, on: node, timeoutMs) == .atom("true")
  }

  private func perform(
    _ reference: FunctionReference, _ arguments: [Term], on node: ByteText, _ timeoutMs: Int64?
  )
    async throws(RemoteCallError) -> Term
  {
    do throws(CallError) {
      return try await self.node.call(
        node, TermValue.module(reference.module).atomName ?? "", reference.function, arguments,
        timeoutMs: timeoutMs)
    } catch {
      switch error {
      case .unreachable(let reason): throw .unreachable(reason)
      case .overloaded: throw .unreachable("too much waits to be sent to \(node)")
      // What was asked may have run over there.
      case .connectionLost: throw .lost("the connection to \(node) was lost")
      case .timeout: throw .timeout(milliseconds: timeoutMs ?? 0)
      case .cancelled: throw .cancelled
      case .thrown, .exited, .raised, .unreadable: throw .raised(ByteText(error.description))
      }
    }
  }

  /// `{:ok, value}`, `{:error, reason}`, or a plain value.
  private static func result(_ term: Term) -> FunctionResult {
    guard let parts = term.tupleElements, parts.count == 2 else { return .ok(TermValue.value(term)) }
    switch parts[0] {
    case .atom("ok"): return .ok(TermValue.value(parts[1]))
    case .atom("error"):
      return .error(FunctionErrorTerm.error(parts[1]))
    default: return .ok(TermValue.value(term))
    }
  }

  /// The request info, when a function asks for it, is a map with atom keys.
  private func arguments(_ call: FunctionCall, streamPid: Pid?) -> [Term] {
    var terms = call.arguments.map(TermValue.term)
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
  private static func term(of request: Request) -> Term {
    func text(_ value: ByteText?) -> Term { value.map(Term.text) ?? .atom("nil") }
    return .map(
      TermMap([
        (key: .atom("__struct__"), value: .atom("Elixir.PhoenixGenApi.Structs.Request")),
        (key: .atom("request_type"), value: .text(request.requestType)),
        (key: .atom("request_id"), value: TermValue.term(request.requestIDValue)),
        (key: .atom("service"), value: .text(request.service)),
        (key: .atom("user_id"), value: text(request.userID)),
        (
          key: .atom("device_id"),
          value: request.deviceID == nil ? .atom("nil") : TermValue.term(request.deviceIDValue)
        ),
        (key: .atom("args"), value: TermValue.term(.object(request.args))),
        (key: .atom("user_roles"), value: request.userRoles.map { .list($0.map(Term.text)) } ?? .atom("nil")),
        (key: .atom("version"), value: text(request.version)),
      ]))
  }

  // MARK: Streams

  /// Calls the function, then hands on what it sends to the stream's pid.
  private func feed(
    _ stream: StreamHandle, _ reference: FunctionReference, _ call: FunctionCall, on node: ByteText,
    _ timeoutMs: Int64?
  ) async throws(RemoteCallError) -> FunctionResult {
    let mailbox: Mailbox
    do { mailbox = try self.node.makeMailbox() } catch { throw .raised("\(error)") }
    defer { mailbox.end() }
    streams.withLock { $0[node, default: [:]][mailbox.pid.id] = mailbox }
    defer { streams.withLock { $0[node]?[mailbox.pid.id] = nil } }
    let began = Self.result(
      try await perform(reference, arguments(call, streamPid: mailbox.pid), on: node, timeoutMs))
    if case .error = began { return began }
    while !stream.isOver {
      guard mailbox.lostMessages == 0 else {
        stream.fail("parts of the stream came faster than they could be handed on")
        break
      }
      guard let message = await mailbox.receive() else {
        if Task.isCancelled { throw .cancelled }
        throw .lost("the connection to \(node) was lost")
      }
      guard case .message(let term) = message else { continue }
      if term == .atom("complete") {
        stream.complete()
        break
      }
      guard let parts = term.tupleElements, parts.count == 2 else { continue }
      switch parts[0] {
      case .atom("result"): await stream.send(TermValue.value(parts[1]))
      case .atom("last_result"): stream.last(TermValue.value(parts[1]))
      case .atom("error"): stream.fail(FunctionErrorTerm.error(parts[1]))
      default: continue
      }
    }
    return .ok(.null)
  }

  private func endStreams(of node: ByteText) {
    for mailbox in streams.withLock({ $0.removeValue(forKey: node) })?.values ?? [:].values { mailbox.end() }
  }
}
