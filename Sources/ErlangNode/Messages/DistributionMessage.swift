import OutsideText

/// A message between nodes: a control tuple, and the payload that some kinds carry.
///
/// https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#control-messages
package enum DistributionMessage: Equatable, Sendable {
  case send(to: Pid, Term)
  case sendNamed(from: Pid, to: ByteText, Term)
  case sendAlias(from: Pid, to: Reference, Term)
  case link(from: Pid, to: Pid)
  case unlink(id: Int64, from: Pid, to: Pid)
  case unlinkAck(id: Int64, from: Pid, to: Pid)
  case exit(from: Pid, to: Pid, reason: Term)
  /// `exit(Pid, Reason)`, which is not the end of its sender.
  case exit2(from: Pid, to: Pid, reason: Term)
  case monitor(from: Pid, to: Target, Reference)
  case demonitor(from: Pid, to: Target, Reference)
  case monitorExit(from: Target, to: Pid, Reference, reason: Term)
  case spawnRequest(
    Reference, from: Pid, groupLeader: Pid, module: ByteText, function: ByteText, arity: Int, options: [Term],
    arguments: [Term])
  case spawnReply(Reference, to: Pid, flags: Int64, result: Term)
  /// A kind this version does not know, by its number.
  case unknown(Int64)

  package typealias Target = ProcessTarget
}
