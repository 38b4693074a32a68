import Listening
import Logging
import NIOCore

/// Who is let in, and what is said of those who are not.
extension NodeCore {
  /// Lets a connection begin its handshake; where there is no room for it another one is closed.
  ///
  /// - Returns: what it leaves the door with.
  func enterDoor(_ channel: any Channel) -> UInt64 {
    let most = DescriptorReserve.mostSilent(afterComing: channel)
    let (ticket, leaving) = withState { state in
      let (ticket, leaving) = state.door.enter(
        Door.countedAddress(of: channel.remoteAddress), most: most)
      state.waiting[ticket] = channel
      let channels = leaving.compactMap { state.waiting.removeValue(forKey: $0) }
      state.statistics.connectionsRefused += Int64(channels.count)
      return (ticket, channels)
    }
    for channel in leaving {
      channel.close(promise: nil)
      strangers.note(
        .warning, "a connection gives way to another before its handshake is over",
        from: Self.address(of: channel))
    }
    return ticket
  }

  func leaveDoor(_ ticket: UInt64) {
    withState { state in
      state.door.leave(ticket)
      state.waiting[ticket] = nil
    }
  }

  /// - Parameter name: what it calls itself, when that is a name.
  func refused(_ name: String?, on channel: (any Channel)?, _ error: any Error) {
    withState { $0.statistics.handshakesRefused += 1 }
    strangers.note(
      .warning, "a node was not let in", from: Self.address(of: channel),
      metadata: ["node": "\(name ?? "unknown")", "reason": "\(words(error))"])
  }

  private static func address(of channel: (any Channel)?) -> String {
    channel?.remoteAddress?.ipAddress ?? "unknown"
  }

  /// Somebody waits for most messages: an answer that cannot be read ends our call, a call that cannot be is refused.
  func notUnderstood(_ bytes: [UInt8], _ error: TermError, from peer: PeerConnection) {
    withState { $0.statistics.notUnderstood += 1 }
    strangers.note(
      .warning, "a message cannot be understood", from: peer.name.string, metadata: ["reason": "\(error)"])
    switch MessageOutline(bytes) {
    case .answer(let reference):
      finish(reference, .failure(.unreadable("\(error)")))
    case .spawn(let reference, let from):
      peer.send(.spawnReply(reference, to: from, flags: 0, result: .atom("system_limit")))
    case .call(let process, let from, let tag):
      refuse(ServerCall(process: process, from: from, tag: tag, peer: peer), .atom("system_limit"))
    case nil: break
    }
  }
}
