import OutsideText

/// Watching processes of other nodes.
extension LocalNode {
  /// Tells a mailbox, by `.down`, when a process ends, is not there, or its node is gone: `monitor(process, …)`.
  ///
  /// - Parameter process: a pid, or the name of one.
  /// - Returns: the reference that the message will carry.
  /// - Throws: `CallError.unreachable` when the node is, `overloaded` when too much is watched or waits to be sent.
  @discardableResult
  public func monitor(_ process: ProcessTarget, on node: ByteText, for mailbox: Mailbox)
    async throws(CallError) -> Reference
  {
    let peer = try await peer(node)
    let number = core.makeNumber()
    let reference = core.reference(number)
    let isTaken = core.withState { state in
      guard state.watches.count < core.configuration.maxCalls else { return false }
      let target = ProcessWatch.Target(node: node, process: process)
      state.watches.insert(
        ProcessWatch(mailbox: mailbox.pid.id, peer: peer.serial, target: target), number)
      return true
    }
    guard isTaken else { throw .overloaded }
    guard core.peer(node)?.serial == peer.serial else {
      demonitor(reference)
      throw .unreachable("\(node) is gone")
    }
    guard peer.send(.monitor(from: mailbox.pid, to: process, reference)) else {
      demonitor(reference)
      throw .overloaded
    }
    return reference
  }

  /// Watches no longer. A message that is on its way may still come.
  public func demonitor(_ reference: Reference) {
    guard let number = core.number(of: reference),
      let watch = core.withState({ $0.watches.remove(number) }),
      let peer = core.peer(watch.target.node), peer.serial == watch.peer
    else { return }
    let pid = Pid(
      node: name, id: watch.mailbox, serial: 0, creation: reference.creation)
    peer.send(.demonitor(from: pid, to: watch.target.process, reference))
  }
}
