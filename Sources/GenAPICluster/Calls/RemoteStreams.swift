import ErlangNode
import GenAPIGateway
import GenAPIValue
import Locking

/// The streams that functions of other nodes feed: each is a process of this node to them, as it is of an Elixir gateway.
///
/// They send it `{:result, part}`, `{:last_result, part}`, `{:error, reason}` or `:complete`, stop it, link to it, watch it or
/// end it.
final class RemoteStreams: Sendable {
  /// Parts of one stream that may wait for its client; with more it ends.
  static let mostParts = 100_000
  /// Bytes that they may have had on the wire.
  static let mostBytes = 32 << 20
  /// The same for all streams together, and a place for each part.
  static let mostBytesOfAll = 512 << 20

  /// What the client of a stream reads whose parts come faster than they are taken.
  static let tooFast = FunctionError(
    """
    The stream came faster than it was taken: more than \(mostParts) parts, or \(mostBytes >> 20) MiB, would have had to wait.
    """, isForClient: true)

  private let node: LocalNode
  private let room = MailboxRoom(bytes: mostBytesOfAll)
  /// By the node whose function feeds them, so that they end with it.
  private let running = Mutex<[ByteText: [UInt32: Mailbox]]>([:])

  init(node: LocalNode) {
    self.node = node
    node.watchNodes { [weak self] event in
      if case .down(let name, _) = event { self?.end(of: name) }
    }
    node.register("Elixir.PhoenixGenApi", "stop_stream") { [weak node] arguments in
      // A request's id names a stream only to the process that began it.
      guard case .pid(let pid)? = arguments.first else {
        return .tuple([.atom("error"), .atom("not_found")])
      }
      try? await node?.send(Self.stopping, to: pid)
      return .atom("ok")
    }
  }

  /// What `stop_stream` sends, as `GenServer.cast` does.
  private static let stopping = Term.tuple([.atom("$gen_cast"), .atom("stop")])

  /// Hands on what comes to the stream's process, from the function's return on.
  ///
  /// - Parameter begin: calls the function, which is told the process.
  func feed(
    _ stream: StreamHandle, on node: ByteText, _ begin: (Pid) async throws(RemoteCallError) -> Term
  ) async throws(RemoteCallError) -> FunctionResult {
    let mailbox: Mailbox
    do {
      mailbox = try self.node.makeMailbox(
        limit: Self.mostParts, limitBytes: Self.mostBytes, room: room,
        overflow: Mailbox.Overflow(reason: .atom("overloaded")) { stream.fail(Self.tooFast) })
    } catch {
      throw .raised("\(error)")
    }
    // Whoever ends the stream ends its process, at once.
    stream.whenOver { mailbox.end(reason: Self.reason(of: $0)) }
    running.withLock { $0[node, default: [:]][mailbox.pid.id] = mailbox }
    defer {
      running.withLock { running in
        running[node]?[mailbox.pid.id] = nil
        if running[node]?.isEmpty == true { running[node] = nil }
      }
    }
    do throws(RemoteCallError) {
      let began = try await begin(mailbox.pid)
      let result = ElixirAnswer.result(began)
      guard case .ok(let first) = result else {
        mailbox.end()
        return result
      }
      if ElixirAnswer.carriesData(began) { await stream.send(first) }
      try await handOn(mailbox, to: stream, from: node)
      return .ok(.null)
    } catch {
      // Who cancels a stream also says how it ends, a moment later; everything else may be tried again, with another process.
      if error != .cancelled { mailbox.end() }
      throw error
    }
  }

  private func handOn(_ mailbox: Mailbox, to stream: StreamHandle, from node: ByteText)
    async throws(RemoteCallError)
  {
    while !stream.isOver {
      guard let message = await mailbox.receive() else {
        if stream.isOver { return }
        if Task.isCancelled { throw .cancelled }
        throw .lost("the connection to \(node) was lost")
      }
      switch message {
      case .message(let term): await take(term, mailbox, stream, from: node)
      case .exit(_, .atom("normal")), .down: continue
      case .exit(_, let reason): end(stream, mailbox, reason)
      }
    }
  }

  private func take(_ term: Term, _ mailbox: Mailbox, _ stream: StreamHandle, from node: ByteText) async {
    if term == .atom("complete") || term == Self.stopping { return stream.complete() }
    guard let parts = term.tupleElements else { return }
    switch (parts.first, parts.count) {
    case (.atom("result"), 2): await stream.send(TermValue.value(parts[1]))
    case (.atom("last_result"), 2): stream.last(TermValue.value(parts[1]))
    case (.atom("error"), 2) where FunctionErrorTerm.isCutOff(parts[1]):
      stream.lose("\(node) shut down before the stream's end")
    case (.atom("error"), 2): stream.fail(FunctionErrorTerm.error(parts[1]))
    case (.atom("system"), 3):
      guard let request = parts[2].tupleElements, request.count == 2, request[0] == .atom("terminate") else {
        return
      }
      // `GenServer.stop`
      try? await self.node.reply(.atom("ok"), to: parts[1])
      if request[1] == .atom("normal") { stream.complete() } else { end(stream, mailbox, request[1]) }
    default: return
    }
  }

  /// Something else than its function ended the process.
  private func end(_ stream: StreamHandle, _ mailbox: Mailbox, _ reason: Term) {
    mailbox.end(reason: reason)
    stream.fail("the stream's process was ended: \(reason.erlangText)")
  }

  /// What processes that are linked to a stream or watch it are told: `normal` of one that ended as streams do.
  private static func reason(of end: StreamHandle.End) -> Term {
    switch end {
    case .completed, .failed, .lost, .stopped: .atom("normal")
    case .timedOut: .atom("timeout")
    case .disconnected: .atom("shutdown")
    }
  }

  private func end(of node: ByteText) {
    for mailbox in running.withLock({ $0.removeValue(forKey: node) })?.values ?? [:].values {
      mailbox.end(reason: .atom("noconnection"))
    }
  }
}
