import ErlangNode
import GenAPIGateway
import Locking

/// Processes of other nodes that are members of relay groups.
///
/// Each is one connection of the gateway, in however many groups it is, until it ends or its node goes.
final class RelayProcesses: Sendable {
  /// Processes that can be members at one time.
  static let most = 10_000

  private let gateway: Gateway
  private let members = Mutex<[Pid: RelayProcess]>([:])

  init(gateway: Gateway) { self.gateway = gateway }

  /// The connection that a process is. It leaves its groups by itself.
  ///
  /// - Throws: `LocalNodeError`, `CallError` when the process cannot be watched; `TooMany`.
  func connection(of pid: Pid, from node: LocalNode) async throws -> RelayProcess {
    if let known = members.withLock({ $0[pid] }) { return known }
    let mailbox = try node.makeMailbox()
    let made = RelayProcess(gateway.newConnectionID(), pid)
    let (taken, isTooMany) = members.withLock { members -> (RelayProcess, Bool) in
      if let known = members[pid] { return (known, false) }
      guard members.count < Self.most else { return (made, true) }
      members[pid] = made
      return (made, false)
    }
    guard taken === made, !isTooMany else {
      mailbox.end()
      if isTooMany { throw TooMany() }
      return taken
    }
    do {
      _ = try await node.monitor(.pid(pid), on: pid.node, for: mailbox)
    } catch {
      end(made, mailbox)
      throw error
    }
    Task {
      await made.serve(from: node, until: mailbox)
      end(made, mailbox)
    }
    return made
  }

  private func end(_ process: RelayProcess, _ mailbox: Mailbox) {
    mailbox.end()
    members.withLock { $0[process.pid] = nil }
    gateway.relay.connectionClosed(process.connectionID)
  }

  struct TooMany: Error, CustomStringConvertible {
    var description: String { "\(RelayProcesses.most) processes are members already, which is the limit" }
  }
}
