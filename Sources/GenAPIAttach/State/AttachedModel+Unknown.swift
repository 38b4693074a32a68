import ErlangTerms
import GenAPITelemetry
import OutsideText

extension AttachedModel {
  /// What the library neither emits nor holds, and what of a gateway of ours it has not.
  private static let neverTold: [StateField] = [
    .invalidRequests, .limitChecks, .limitLastRejection, .limitKeys, .keyRejections, .limiter, .poolBreaker,
    .poolFailures, .poolOpenServices, .poolHalfOpenServices, .poolShareRejected, .poolClientWorkers,
    .poolBusySlots, .pullFailures, .functionChangedAt, .groupMessages, .groupCreated, .memberConnections,
    .sockets, .nodeCalls,
    .nodeFailures, .nodeLatency,
  ]

  /// What only its events tell: without the agent nobody counts them.
  private static let toldByEvents: [StateField] = [
    .totals, .series, .hooks, .configChanges, .limitRejections, .poolExecuted, .poolFailed, .poolRejected,
    .breakers, .poolOpenWorkers, .poolHalfOpenWorkers,
  ]

  /// What is not told now.
  var unknown: UnknownState {
    UnknownState(
      Self.neverTold + (hasAgent ? [] : Self.toldByEvents)
        + tooLarge.union(unread).sorted().map { StateField($0) })
  }

  /// Sections, by their names in a frame, of which nothing could be read since the agent came: who has them does not answer.
  private var unread: Set<ByteText> {
    Set(deafSince.keys.filter { sections[$0] == nil }.map(Self.frameName))
  }

  /// How long what was told before stands for what a deaf process would tell, in microseconds.
  private static let patience: Int64 = 5_000_000

  /// That the limiter does not answer, which requests wait for in vain too; nil while it does, or has until a moment ago.
  var limiterFault: ByteText? {
    guard let since = deafSince["limits"] else { return nil }
    guard sections["limits"] == nil || at - since >= Self.patience else { return nil }
    return "rate_limiter_instance_0 does not answer"
      + (sections["limits"] == nil ? ": its limits are not known" : ": its limits are those of before")
  }

  /// What a section of the agent is called in a frame.
  private static func frameName(_ section: ByteText) -> ByteText {
    section == "failed" ? "failed_configs" : section
  }

  /// What was read of a section without an agent; false of one that is too large for that.
  mutating func take(read section: ByteText, _ value: Term) {
    let name = Self.frameName(section)
    if value == .atom("false") {
      tooLarge.insert(name)
      return take(section, isFirst: true, [])
    }
    guard let items = value.listElements else { return noteUnread(section) }
    noteRead(section)
    tooLarge.remove(name)
    take(section, isFirst: true, section == "functions" ? items.compactMap(FunctionReading.projected) : items)
  }
}
