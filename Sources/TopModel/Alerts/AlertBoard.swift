/// Which rules hold, for what, and since when.
struct AlertBoard: Sendable {
  /// A rule that holds for something.
  struct Finding: Sendable {
    var rule: AlertRule
    var subject: String
    var value: String
  }

  private(set) var rows: [AlertRow] = AlertRule.allCases.map(AlertBoard.quiet)

  var firingCount: Int { rows.count(where: \.isFiring) }

  /// Takes what holds now; what held before keeps its time.
  mutating func update(_ findings: [Finding], at now: Int64) {
    let since = Dictionary(
      rows.compactMap { row in row.since.map { (row.id, $0) } }, uniquingKeysWith: { $1 })
    rows = AlertRule.allCases.flatMap { rule -> [AlertRow] in
      let own = findings.filter { $0.rule == rule }
      guard !own.isEmpty else { return [Self.quiet(rule)] }
      return own.prefix(50).map { finding in
        let id = "\(rule.rawValue)\u{1F}\(finding.subject)"
        return AlertRow(
          id: id, rule: rule.rawValue, subject: finding.subject, isFiring: true, value: finding.value,
          since: since[id] ?? now, isCritical: rule.isCritical)
      }
    }
  }

  private static func quiet(_ rule: AlertRule) -> AlertRow {
    AlertRow(id: rule.rawValue, rule: rule.rawValue, isCritical: rule.isCritical)
  }
}
