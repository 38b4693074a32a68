import GenAPITelemetry
import GenAPIValue
import Locking

/// What the configs of all gateways come to, kept for as long as no gateway's lists change: ten thousand functions are compared when one
/// of them changes, not for every frame and every alert.
final class KeptConfigs: Sendable {
  /// What of one gateway it is made of.
  struct Part: Sendable {
    var name: ByteText
    var isStale: Bool
    var services: [ServiceState]
    var functions: [FunctionState]
    var changes: [ConfigChangeState]
    var failed: [FailedConfigState]

    /// Lists that lie in the same memory, which is held here, are the same.
    fileprivate func isSame(as other: Part) -> Bool {
      name == other.name && isStale == other.isStale && services.shares(other.services)
        && functions.shares(other.functions) && changes.shares(other.changes) && failed.shares(other.failed)
    }
  }

  private struct Kept: Sendable {
    var filter: FilterExpression
    var parts: [Part]
    /// From when to when it holds, microseconds since the Unix epoch: a change is recent for a while.
    var times: Range<Int64>
    var view: ConfigsView
  }

  /// The screen's, that of the alerts, and one of the past.
  private static let most = 3

  private let kept = Mutex<[Kept]>([])
  private let made = Mutex(0)
  /// How many were made: none while nothing changes.
  var viewsMade: Int { made.withLock { $0 } }

  /// What is known for these lists, or is made of them.
  func view(_ filter: FilterExpression, _ parts: [Part], at moment: Int64, _ make: () -> ConfigsView)
    -> ConfigsView
  {
    let known = kept.withLock { kept -> ConfigsView? in
      guard
        let index = kept.firstIndex(where: { kept in
          kept.filter == filter && kept.times.contains(moment) && kept.parts.count == parts.count
            && zip(kept.parts, parts).allSatisfy { $0.isSame(as: $1) }
        })
      else { return nil }
      kept.append(kept.remove(at: index))
      return kept[kept.count - 1].view
    }
    if let known { return known }
    let view = make()
    made.withLock { $0 += 1 }
    var until = Int64.max
    for part in parts {
      for change in part.changes where ClusterModel.isRecent(change, at: moment) {
        until = min(until, change.at.saturatingAdd(ClusterModel.recentUs))
      }
    }
    kept.withLock { kept in
      // One that was made of older lists for the same filter, and is of no use any more.
      if kept.count >= Self.most { kept.removeFirst() }
      kept.append(Kept(filter: filter, parts: parts, times: moment..<max(moment + 1, until), view: view))
    }
    return view
  }
}
