import GenAPIValue
import TopModel

/// Whether an expression has held for long enough, from what it found at each moment. Times are milliseconds on a
/// clock that does not jump.
struct CheckProgress {
  let rule: AlertExpression
  let hold: Int64
  /// Until when it may begin to hold.
  let deadline: Int64
  private var heldSince: Int64?
  private var seen:
    [ByteText: (order: Int, lowest: AlertFinding, highest: AlertFinding, last: AlertFinding)] =
      [:]

  init(rule: AlertExpression, hold: Int64, deadline: Int64) {
    self.rule = rule
    self.hold = hold
    self.deadline = deadline
  }

  /// The verdict, once there is one.
  mutating func note(_ findings: [AlertFinding], at now: Int64) -> CheckVerdict? {
    let holds = !findings.isEmpty && findings.allSatisfy(\.holds)
    if holds, heldSince == nil { seen = [:] }
    for finding in findings {
      var entry = seen[finding.subject] ?? (seen.count, finding, finding, finding)
      entry.last = finding
      if (finding.number ?? 0) < (entry.lowest.number ?? 0) { entry.lowest = finding }
      if (finding.number ?? 0) > (entry.highest.number ?? 0) { entry.highest = finding }
      // Bounded: an expression with a star may meet any number of functions.
      if seen[finding.subject] != nil || seen.count < 2_000 { seen[finding.subject] = entry }
    }
    guard holds else {
      let held = heldSince.map { now - $0 } ?? 0
      heldSince = nil
      return now >= deadline ? verdict(false, held) : nil
    }
    let since = heldSince ?? now
    heldSince = since
    return now - since >= hold ? verdict(true, now - since) : nil
  }

  private func verdict(_ held: Bool, _ heldMs: Int64) -> CheckVerdict {
    CheckVerdict(
      rule: rule.text, held: held, heldMs: heldMs,
      seen: seen.sorted { $0.value.order < $1.value.order }.map { subject, entry in
        CheckVerdict.Seen(
          subject: subject.string, last: entry.last.value.string, lowest: entry.lowest.value.string,
          highest: entry.highest.value.string,
          holds: entry.last.holds)
      })
  }
}
