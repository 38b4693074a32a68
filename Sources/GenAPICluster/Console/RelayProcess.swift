import ErlangNode
import GenAPIGateway

/// A process that is a member of relay groups: it is sent `{:relay_message, %Response{}}`.
final class RelayProcess: ClientConnection {
  /// Messages that wait to be sent; a process that is this far behind leaves its groups.
  static let mostWaiting = 1_000

  let connectionID: ConnectionID
  let pid: Pid
  private let stream: AsyncStream<Response>
  private let waiting: AsyncStream<Response>.Continuation

  init(_ id: ConnectionID, _ pid: Pid) {
    connectionID = id
    self.pid = pid
    (stream, waiting) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.mostWaiting))
  }

  func push(_ response: Response) {
    if case .dropped = waiting.yield(response) { waiting.finish() }
  }

  /// Returns when the process is down, cannot be reached, or is too far behind.
  func serve(from node: LocalNode, until mailbox: Mailbox) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [stream, pid] in
        for await response in stream {
          let term = Term.tuple([.atom("relay_message"), ErlangCluster.term(of: response)])
          guard (try? await node.send(term, to: pid)) != nil else { return }
        }
      }
      group.addTask {
        while let message = await mailbox.receive() {
          if case .down = message { return }
        }
      }
      await group.next()
      group.cancelAll()
      waiting.finish()
    }
  }
}
