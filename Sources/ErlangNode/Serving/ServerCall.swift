import OutsideText

/// A call of another node to a process of ours by its name, as `gen_server` and its like make them:
/// `{Label, {Pid, Tag}, Request}`.
struct ServerCall: Sendable {
  var process: ByteText
  var from: Pid
  var tag: Term
  var peer: PeerConnection

  /// nil for a message of another form.
  init?(_ message: Term, to process: ByteText, _ peer: PeerConnection) {
    guard let parts = message.tupleElements, parts.count == 3, let caller = parts[1].tupleElements,
      caller.count == 2, case .pid(let from) = caller[0]
    else { return nil }
    self.init(process: process, from: from, tag: caller[1], peer: peer)
  }

  init(process: ByteText, from: Pid, tag: Term, peer: PeerConnection) {
    self.process = process
    self.from = from
    self.tag = tag
    self.peer = peer
  }

  /// - Parameter sender: a process of ours. Newer callers give an alias, which only takes messages marked with it.
  func answer(_ term: Term, from sender: Pid) -> DistributionMessage {
    let answer = Term.tuple([tag, term])
    return tag.alias.map { .sendAlias(from: sender, to: $0, answer) } ?? .send(to: from, answer)
  }
}
