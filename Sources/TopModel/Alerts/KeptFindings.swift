import GenAPIValue
import Locking

/// What rules found last: of the functions that did nothing since nothing is looked at again, however many there are, and conditions are
/// looked at again when a gateway tells more than of its process.
final class KeptFindings: Sendable {
  /// A rule.
  struct Key: Equatable {
    var expression: AlertExpression
    var window: StatisticsWindow
    var minimumRequests: Int64
  }

  fileprivate struct Found {
    var key: Key
    /// Held, so that nothing else can have its place in memory.
    var subjects: AlertSubjects
    /// Of the totals that were looked at.
    var stamp: Stamp
    /// Of a rule about what is under way, which is of one second.
    var inFlight: [Int64]
    /// By place.
    var answers: [FunctionRule.Answer]
    var holding: Set<Int>
    var quiet: Int
    var findings: [AlertFinding]

    mutating func look(at place: Int, _ rule: FunctionRule, _ totals: FunctionTotals) {
      let answer = rule.answer(at: place, totals)
      if answers[place] == .quiet { quiet -= 1 }
      if answers[place] == .holding { holding.remove(place) }
      answers[place] = answer
      if answer == .quiet { quiet += 1 }
      if answer == .holding { holding.insert(place) }
    }
  }

  private struct Kept {
    var found: [Found] = []
    var looks = 0
    var conditionLooks = 0
    var facts: (told: [ShownFacts], stamp: Stamp) = ([], Stamp())
    var conditions: [(expression: AlertExpression, facts: Stamp, findings: [AlertFinding])] = []
    var rested: [(expression: AlertExpression, resting: Resting, findings: [AlertFinding])] = []
  }

  private let kept = Mutex(Kept())

  /// How many functions, or other subjects, were looked at.
  var looks: Int { kept.withLock { $0.looks } }

  /// How often conditions were looked at.
  var conditionLooks: Int { kept.withLock { $0.conditionLooks } }

  /// Notes what conditions are about.
  ///
  /// - Returns: another one than the last time where that is other.
  func note(_ facts: [ShownFacts]) -> Stamp {
    kept.withLock { kept in
      if kept.facts.told != facts { kept.facts = (facts, Stamp()) }
      return kept.facts.stamp
    }
  }

  /// What a condition finds, looked at again only where the facts are others.
  func condition(_ expression: AlertExpression, _ facts: Stamp, _ look: () -> [AlertFinding])
    -> [AlertFinding]
  {
    guard case .condition(let condition, _) = expression.test else { return look() }
    let known = kept.withLock { kept in kept.conditions.first { $0.expression == expression } }
    if let known, known.facts == facts { return known.findings }
    let found = look()
    kept.withLock { kept in
      kept.conditionLooks += 1
      kept.conditions.removeAll { $0.expression == expression }
      // For how long a breaker has been half-open is no fact that changes.
      if condition == .breakerOpen, !found.isEmpty { return }
      if kept.conditions.count >= AlertRule.most { kept.conditions.removeFirst() }
      kept.conditions.append((expression, facts, found))
    }
    return found
  }

  /// What a rule about functions finds, looked at again only where they do something or did; where that is not known, each time.
  func ofFunctions(_ expression: AlertExpression, _ resting: Resting?, _ look: () -> [AlertFinding])
    -> [AlertFinding]
  {
    guard let resting else { return look() }
    let known = kept.withLock { kept in kept.rested.first { $0.expression == expression } }
    if let known, known.resting == resting { return known.findings }
    let found = look()
    kept.withLock { kept in
      kept.rested.removeAll { $0.expression == expression }
      if kept.rested.count >= AlertRule.most { kept.rested.removeFirst() }
      kept.rested.append((expression, resting, found))
    }
    return found
  }

  /// What a rule finds that holds; where nothing does, the only subject that there is.
  func findings(_ key: Key, _ rule: FunctionRule, _ totals: FunctionTotals) -> [AlertFinding] {
    kept.withLock { kept in
      if let index = kept.found.firstIndex(where: { $0.key == key }) {
        kept.found.append(kept.found.remove(at: index))
      } else {
        if kept.found.count >= AlertRule.most { kept.found.removeFirst() }
        kept.found.append(Self.nothing(key, rule))
      }
      let last = kept.found.count - 1
      if kept.found[last].subjects !== rule.subjects { kept.found[last] = Self.nothing(key, rule) }
      if kept.found[last].stamp == totals.changes.stamp, kept.found[last].inFlight == rule.inFlight {
        return kept.found[last].findings
      }
      var looks = 0
      let isKnown =
        rule.metric != .inFlight
        && totals.changes.forEach(since: kept.found[last].stamp) { place in
          looks += 1
          kept.found[last].look(at: Int(place), rule, totals)
        }
      if !isKnown {
        for place in rule.subjects.list.indices { kept.found[last].look(at: place, rule, totals) }
        looks += rule.subjects.list.count
      }
      kept.looks += looks
      kept.found[last].stamp = totals.changes.stamp
      kept.found[last].inFlight = rule.inFlight
      kept.found[last].findings = kept.found[last].told(rule, totals)
      return kept.found[last].findings
    }
  }

  private static func nothing(_ key: Key, _ rule: FunctionRule) -> Found {
    Found(
      key: key, subjects: rule.subjects, stamp: Stamp(), inFlight: [],
      answers: Array(repeating: .unknown, count: rule.subjects.list.count), holding: [], quiet: 0,
      findings: [])
  }
}

extension KeptFindings.Found {
  fileprivate func told(_ rule: FunctionRule, _ totals: FunctionTotals) -> [AlertFinding] {
    if holding.isEmpty, quiet == 1, let only = answers.firstIndex(of: .quiet) {
      return [rule.finding(at: only, totals)].compactMap(\.self)
    }
    return holding.sorted().compactMap { rule.finding(at: $0, totals) }
  }
}
