import GenAPITelemetry
import GenAPIValue

/// Who a function's requests are of: the users with most requests, failures and refusals of the last five to ten minutes.
///
/// Counts go into a generation that is replaced every five minutes; the one before counts beside it until then.
struct UserSketch: Sendable {
  /// How long a generation is counted in, in microseconds.
  static let periodUs: Int64 = 300_000_000
  /// Users that are told of each of the three measures.
  static let mostTold = 10

  private struct Generation: Sendable {
    var since: Int64
    var requests: SpaceSaving
    var failed: SpaceSaving
    var refused: SpaceSaving

    init(since: Int64, capacity: Int) {
      self.since = since
      requests = SpaceSaving(capacity: capacity)
      failed = SpaceSaving(capacity: capacity)
      refused = SpaceSaving(capacity: capacity)
    }
  }

  private let capacity: Int
  private var current: Generation
  private var before: Generation?
  /// What was told last, while nothing was counted since.
  private var told: (at: Int64, users: [TopUserState])?

  /// - Parameter wall: microseconds since the Unix epoch.
  init(capacity: Int, at wall: Int64) {
    self.capacity = capacity
    current = Generation(since: wall, capacity: capacity)
  }

  /// Counts a request that ended.
  mutating func count(_ user: ByteText, hash: Int, _ outcome: RequestOutcome, at wall: Int64) {
    told = nil
    let age = wall - current.since
    // A clock that was set back begins anew: nobody knows how old what was counted is.
    if age < -1_000_000 || age >= Self.periodUs {
      before = age >= Self.periodUs && age < 2 * Self.periodUs ? current : nil
      current = Generation(since: wall, capacity: capacity)
    }
    current.requests.count(user, hash: hash)
    if outcome.isRejection {
      current.refused.count(user, hash: hash)
    } else if outcome.isFailure {
      current.failed.count(user, hash: hash)
    }
  }

  /// What can be said at a moment, by the user's name.
  mutating func users(of function: FunctionIdentity, at wall: Int64) -> [TopUserState] {
    if let told, wall >= told.at, wall - told.at < 10_000_000 { return told.users }
    let users = users(function, wall)
    told = (wall, users)
    return users
  }

  private func users(_ function: FunctionIdentity, _ wall: Int64) -> [TopUserState] {
    var generations: [Generation] = []
    if wall - current.since < 2 * Self.periodUs { generations.append(current) }
    if let before, wall - before.since < 2 * Self.periodUs { generations.append(before) }
    guard let since = generations.map(\.since).min() else { return [] }
    let requests = Self.sum(generations.map(\.requests))
    let failed = Self.sum(generations.map(\.failed))
    let refused = Self.sum(generations.map(\.refused))
    let names = Set(requests.most + failed.most + refused.most)
    return names.sorted().map { name in
      let (all, wrong, no) = (requests[name], failed[name], refused[name])
      return TopUserState(
        service: function.service, requestType: function.requestType, version: function.version, user: name,
        since: since, requests: all.count, requestsOver: all.over, failed: wrong.count,
        failedOver: wrong.over, refused: no.count, refusedOver: no.over)
    }
  }

  /// One measure over the generations.
  private struct Sum {
    var counts: [ByteText: (count: Int64, over: Int64)] = [:]
    /// For a name that is in none of them.
    var bound: Int64 = 0

    subscript(name: ByteText) -> (count: Int64, over: Int64) { counts[name] ?? (bound, bound) }

    /// Names that surely occurred, those that did most.
    var most: [ByteText] {
      counts.filter { $0.value.count > $0.value.over }
        .sorted { ($0.value.count, $1.key) > ($1.value.count, $0.key) }
        .prefix(UserSketch.mostTold).map(\.key)
    }
  }

  private static func sum(_ sketches: [SpaceSaving]) -> Sum {
    var sum = Sum()
    sum.bound = sketches.reduce(0) { $0 + $1.bound }
    for name in Set(sketches.flatMap { $0.entries.map(\.name) }) { sum.counts[name] = (0, 0) }
    for sketch in sketches {
      let bound = sketch.bound
      let own = Dictionary(
        sketch.entries.map { ($0.name, (count: $0.count, over: $0.over)) }, uniquingKeysWith: { $1 })
      for name in sum.counts.keys {
        let part = own[name] ?? (bound, bound)
        sum.counts[name]!.count += part.count
        sum.counts[name]!.over += part.over
      }
    }
    return sum
  }
}
