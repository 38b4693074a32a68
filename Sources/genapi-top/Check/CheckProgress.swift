import GenAPIValue
import TopModel

/// Whether an expression has held for long enough, from what was told of it at each moment. Times are milliseconds on a
/// clock that does not jump.
struct CheckProgress {
  let rule: AlertExpression
  /// nil: to the end of what is watched.
  let hold: Int64?
  /// How long it may take to begin to hold, once it can be told.
  let patience: Int64
  /// When it could be told first.
  private var begin: Int64?
  private var heldSince: Int64?
  private var lastAt: Int64 = 0
  /// Why nothing could be told, at the last moment.
  private var missing: String?
  private var seen:
    [ByteText: (order: Int, lowest: AlertFinding, highest: AlertFinding, last: AlertFinding)] =
      [:]

  init(rule: AlertExpression, hold: Int64?, patience: Int64) {
    self.rule = rule
    self.hold = hold
    self.patience = patience
  }

  /// The verdict, once there is one.
  mutating func note(_ answer: AlertAnswer, at now: Int64) -> CheckVerdict? {
    defer { lastAt = now }
    switch answer {
    case .early(let seconds):
      missing = "\(seconds) s more must be watched to tell"
      // After a gateway was away; what held before goes on.
      passOver(now)
      return nil
    case .nothing(let reason):
      missing = reason
      heldSince = nil
      return isOver(now) ? verdict(.unknown(reason)) : nil
    case .found(let findings): return note(findings, now)
    }
  }

  private mutating func note(_ findings: [AlertFinding], _ now: Int64) -> CheckVerdict? {
    missing = nil
    lastAt = now
    let holds = !findings.isEmpty && findings.allSatisfy(\.holds)
    if holds, heldSince == nil { seen = [:] }
    for finding in findings { see(finding) }
    guard holds else {
      let verdict = isOver(now) ? verdict(.broken) : nil
      heldSince = nil
      return verdict
    }
    _ = isOver(now)
    let since = heldSince ?? now
    heldSince = since
    guard let hold, now - since >= hold else { return nil }
    return verdict(.held)
  }

  /// Nothing is known of this moment, as of a gateway that restarts: the time since the last one neither holds nor breaks it, and
  /// is none of the time that it may take to begin.
  mutating func away(_ reason: String, at now: Int64) {
    missing = reason
    passOver(now)
    lastAt = now
  }

  private mutating func passOver(_ now: Int64) {
    guard let begin else { return }
    let passed = now - lastAt
    self.begin = begin + passed
    heldSince = heldSince.map { $0 + passed }
  }

  /// The verdict when there is no more to watch.
  func end() -> CheckVerdict {
    if let missing { return verdict(.unknown(missing)) }
    guard lastAt > 0 || begin != nil else { return verdict(.unknown("there was nothing to watch")) }
    guard let heldSince else { return verdict(.broken) }
    // With a time to hold, it would have been told when that was over: it held, and there is too little to tell for how long.
    guard let hold else { return verdict(.held) }
    let left = max(0, hold - (lastAt - heldSince))
    return verdict(.unknown("\((left + 999) / 1_000) s more must be watched to tell"))
  }

  private mutating func see(_ finding: AlertFinding) {
    var entry = seen[finding.subject] ?? (seen.count, finding, finding, finding)
    entry.last = finding
    if (finding.number ?? 0) < (entry.lowest.number ?? 0) { entry.lowest = finding }
    if (finding.number ?? 0) > (entry.highest.number ?? 0) { entry.highest = finding }
    // Bounded: an expression with a star may meet any number of functions.
    if seen[finding.subject] != nil || seen.count < 2_000 { seen[finding.subject] = entry }
  }

  /// The time to begin to hold is over; it starts with the first moment that can be told.
  private mutating func isOver(_ now: Int64) -> Bool {
    let begin = begin ?? now
    self.begin = begin
    return now - begin >= patience
  }

  private func verdict(_ outcome: CheckVerdict.Outcome) -> CheckVerdict {
    CheckVerdict(
      rule: rule.text, unit: rule.unit, bound: rule.bound, outcome: outcome,
      heldMs: heldSince.map { lastAt - $0 } ?? 0,
      seen: seen.sorted { $0.value.order < $1.value.order }.map { subject, entry in
        CheckVerdict.Seen(subject: subject, last: entry.last, lowest: entry.lowest, highest: entry.highest)
      })
  }
}
