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

  /// What a rule's findings rest on: while it is the same, they are.
  enum Ground: Equatable {
    /// Of a condition, as `note` tells it.
    case facts(Stamp)
    /// Of a rule about functions, while none does anything.
    case resting(Resting)
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
    var grounded: [(expression: AlertExpression, ground: Ground, findings: [AlertFinding])] = []
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

  /// What a rule finds, looked at again only where what it rests on is another; each time where that is nil.
  func findings(_ expression: AlertExpression, on ground: Ground?, _ look: () -> [AlertFinding])
    -> [AlertFinding]
  {
    guard let ground else { return look() }
    let known = kept.withLock { kept in kept.grounded.first { $0.expression == expression } }
    if let known, known.ground == ground { return known.findings }
    let found = look()
    kept.withLock { kept in
      if case .facts = ground { kept.conditionLooks += 1 }
      kept.grounded.removeAll { $0.expression == expression }
      // For how long a breaker has been half-open is no fact that changes.
      if case .condition(.breakerOpen, _) = expression.test, !found.isEmpty { return }
      if kept.grounded.count >= AlertRule.most { kept.grounded.removeFirst() }
      kept.grounded.append((expression, ground, found))
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
