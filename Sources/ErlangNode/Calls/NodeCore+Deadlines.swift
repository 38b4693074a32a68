import NIOCore

/// Gives up calls whose time is over.
extension NodeCore {
  /// Called under the lock with a call that was just added.
  ///
  /// - Returns: when the timer is to be set anew, because this call is the next one.
  static func addDeadline(_ call: UInt64, afterMs: Int64, _ state: inout State) -> NIODeadline? {
    let deadline = NIODeadline.now() + .milliseconds(max(0, min(afterMs, 10 * 365 * 86_400_000)))
    let atNs = deadline.uptimeNanoseconds
    let pending = state.pending
    state.deadlines.compact(waiting: pending.count) { pending[$0] != nil }
    state.deadlines.insert(CallDeadlines.Entry(atNs: atNs, call: call))
    if let armed = state.deadlines.armedNs, armed <= atNs { return nil }
    state.deadlines.armedNs = atNs
    return deadline
  }

  /// Not cancelled when it turns out to be early: it then finds nothing due, and sets the next one.
  func arm(_ deadline: NIODeadline) {
    _ = timeLoop.scheduleTask(deadline: deadline) { [weak self] in self?.timesUp(deadline.uptimeNanoseconds) }
  }

  private func timesUp(_ firedNs: UInt64) {
    let (late, next) = withState { state in
      let due = state.deadlines.takeDue(NIODeadline.now().uptimeNanoseconds)
      let late = due.compactMap { state.pending.removeValue(forKey: $0)?.continuation }
      // Another timer, set for an earlier call meanwhile, looks after what follows.
      guard state.deadlines.armedNs == firedNs else { return (late, nil as UInt64?) }
      // Answered calls at the front need no timer.
      while let first = state.deadlines.earliest, state.pending[first.call] == nil {
        state.deadlines.removeEarliest()
      }
      state.deadlines.armedNs = state.deadlines.earliest?.atNs
      return (late, state.deadlines.armedNs)
    }
    for continuation in late { continuation.resume(returning: .failure(.timeout)) }
    if let next { arm(.uptimeNanoseconds(next)) }
  }
}
