import GenAPIValue
import Locking

/// The totals that were asked for last: of functions, of their groups, of what rules are about. Each is followed from one time to the next.
///
/// Shared by the copies of a model: totals follow whichever asks, so that they are right for all, if dearer for two that differ.
final class KeptTotals: Sendable {
  /// What functions are added up by.
  enum Subject: Equatable, Sendable {
    case functions
    case groups(RequestGrouping)
    case refusals
    case latencies(LatencyScope)
    case rule(AlertSelector?, needsManyRequests: Bool)
  }

  struct Key: Equatable, Sendable {
    var subject: Subject
    var filter = FilterExpression()
    /// Of the window, in seconds.
    var length: Int
  }

  private struct Kept: Sendable {
    var key: Key
    var sources: [Stamp]
    var gateways: [ByteText]
    var names: any FunctionNames
    var totals: FunctionTotals
    var usedAt: Int64
  }

  /// What a screen shows, and as many rules as are usual.
  private static let most = 12

  /// What nobody asked for in so many microseconds is forgotten: it holds seconds that the history keeps coarsely since.
  private static let mostUnused: Int64 = 30_000_000

  private let kept = Mutex<[Kept]>([])

  /// Looks at the totals of the sources, those that are not silent first.
  ///
  /// - Parameters:
  ///   - now: the time of the model, in microseconds.
  ///   - make: names what is added up; asked when a gateway has another function than before.
  func look<Names: FunctionNames, Result>(
    _ key: Key, _ sources: [RequestSource], at now: Int64, make: () -> Names,
    _ body: (Names, inout FunctionTotals) -> Result
  ) -> Result {
    kept.withLock { kept in
      let stamps = sources.map(\.namesStamp)
      let gateways = sources.map(\.name)
      kept.removeAll { $0.key != key && now.saturatingSubtract($0.usedAt).magnitude > Self.mostUnused }
      // The last one asked for stands at the end.
      if let index = kept.firstIndex(where: { $0.key == key }) { kept.append(kept.remove(at: index)) }
      let names: Names
      if let last = kept.last, last.key == key, last.sources == stamps, last.gateways == gateways,
        let known = last.names as? Names
      {
        names = known
      } else {
        if kept.last?.key == key { kept.removeLast() }
        if kept.count >= Self.most { kept.removeFirst() }
        names = make()
        kept.append(
          Kept(
            key: key, sources: stamps, gateways: gateways, names: names, totals: FunctionTotals(names.parts),
            usedAt: now))
      }
      kept[kept.count - 1].usedAt = now
      kept[kept.count - 1].totals.follow(sources)
      return body(names, &kept[kept.count - 1].totals)
    }
  }

  /// How many places were added up for what is kept.
  var additions: Int { kept.withLock { $0.reduce(0) { $0 + $1.totals.additions } } }
}
