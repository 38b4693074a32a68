import GenAPIValue
import Locking

/// What rules about functions were about and found last, for as long as what they look at is the same: a second in which nothing happens
/// costs nothing, however many functions there are.
final class KeptFindings: Sendable {
  struct SubjectsKey: Equatable {
    var selector: AlertSelector?
    var metric: AlertMetric
    var names: [Stamp]
  }

  struct Key: Equatable {
    var expression: AlertExpression
    var window: StatisticsWindow
    var minimumRequests: Int64
    var onlyHolding: Bool
    var names: [Stamp]
    var sources: [RequestSource.Signature]
    /// Of a rule about what is under way, which is of one second.
    var ends: [Int64]
  }

  private struct Kept {
    var subjects: [(key: SubjectsKey, subjects: AlertSubjects)] = []
    var findings: [(key: Key, findings: [AlertFinding])] = []
    var looks = 0
  }

  private let kept = Mutex(Kept())

  /// How often functions were gone through.
  var looks: Int { kept.withLock { $0.looks } }

  func subjects(_ key: SubjectsKey, _ make: () -> AlertSubjects) -> AlertSubjects {
    let known = kept.withLock { $0.subjects.first { $0.key == key }?.subjects }
    if let known { return known }
    let made = make()
    kept.withLock { kept in
      kept.subjects.removeAll { $0.key.selector == key.selector && $0.key.metric == key.metric }
      if kept.subjects.count >= AlertRule.most { kept.subjects.removeFirst() }
      kept.subjects.append((key, made))
    }
    return made
  }

  func findings(_ key: Key, _ make: () -> [AlertFinding]) -> [AlertFinding] {
    let known = kept.withLock { $0.findings.first { $0.key == key }?.findings }
    if let known { return known }
    let made = make()
    kept.withLock { kept in
      kept.looks += 1
      kept.findings.removeAll {
        $0.key.expression == key.expression && $0.key.window == key.window
          && $0.key.minimumRequests == key.minimumRequests && $0.key.onlyHolding == key.onlyHolding
      }
      if kept.findings.count >= AlertRule.most { kept.findings.removeFirst() }
      kept.findings.append((key, made))
    }
    return made
  }
}
