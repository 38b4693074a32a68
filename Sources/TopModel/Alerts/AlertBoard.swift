import GenAPIValue

/// Which rules hold, for what, and since when.
struct AlertBoard: Sendable {
  /// Of one rule; what is more is left out.
  static let mostSubjects = 50

  var rules: [AlertRule] {
    didSet { rows = rules.enumerated().map { Self.quiet($0, $1) } }
  }
  private(set) var rows: [AlertRow]
  private(set) var history = AlertHistory()
  /// How often something began to fire since the start: whoever compares can ring a bell.
  private(set) var timesFired = 0

  init(rules: [AlertRule] = AlertRule.defaults) {
    self.rules = rules
    rows = rules.enumerated().map { Self.quiet($0, $1) }
  }

  var firingCount: Int { rows.count(where: \.isFiring) }
  var isCritical: Bool { rows.contains { $0.isFiring && $0.isCritical } }

  /// Takes what each rule found now; what held before keeps its time.
  mutating func update(_ findings: [[AlertFinding]], at now: Int64) {
    let before = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    rows = zip(rules.indices, findings).flatMap { index, findings -> [AlertRow] in
      let rule = rules[index]
      let holding = findings.filter(\.holds)
      guard !holding.isEmpty else {
        // What it measures is told of a rule about one thing only.
        return [Self.quiet(index, rule, value: findings.count == 1 ? findings[0].value : nil)]
      }
      return holding.prefix(Self.mostSubjects).map { finding in
        let id = "\(index)\u{1F}\(finding.subject)"
        // A clock that was set back must not make it wait for ever.
        let since = min(before[ByteText(id)]?.since ?? now, now)
        let isFiring = now - since >= Int64(rule.expression.holdSeconds) * 1_000_000
        if isFiring, before[ByteText(id)]?.isFiring != true { timesFired += 1 }
        var row = AlertRow(
          id: ByteText(id), rule: ByteText(rule.expression.text), subject: finding.subject,
          isFiring: isFiring,
          value: finding.value, since: since, isCritical: rule.isCritical)
        row.detail = finding.detail
        return row
      }
    }
    history.record(rows, at: now)
  }

  /// How it was at a moment: every rule that did not hold is quiet. nil before anything was looked at.
  func rows(at moment: Int64) -> [AlertRow]? {
    history.rows(at: moment).map { holding in
      rules.enumerated().flatMap { index, rule in
        let own = holding.filter { $0.rule == ByteText(rule.expression.text) }
        return own.isEmpty ? [Self.quiet(index, rule)] : own
      }
    }
  }

  mutating func rewind(to now: Int64) { history.rewind(to: now) }

  private static func quiet(_ index: Int, _ rule: AlertRule, value: ByteText? = nil) -> AlertRow {
    AlertRow(id: "\(index)", rule: ByteText(rule.expression.text), value: value, isCritical: rule.isCritical)
  }
}
