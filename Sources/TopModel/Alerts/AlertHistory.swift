import DequeModule

/// What held at which moment, for the panes that show the past, and when each alert fired.
///
/// Bounded: `budget` rows over the last 15 minutes, 150 bytes each, the texts shared with the row before; where
/// more rules hold the past is shorter. Of what has fired the last `mostEpisodes` stay, however long ago.
struct AlertHistory: Sendable {
  static let budget = 4_000
  static let mostEpisodes = 200

  /// Rows that hold, each time any of them changed.
  private var moments: Deque<(at: Int64, rows: [AlertRow])> = []
  private var weight = 0
  /// Oldest first.
  private(set) var episodes: Deque<AlertEpisode> = []

  mutating func record(_ rows: [AlertRow], at now: Int64) {
    let holding = rows.filter { $0.since != nil }
    noteEpisodes(holding, at: now)
    guard moments.last?.rows != holding else { return }
    moments.append((now, holding))
    weight += holding.count + 1
    let oldest = now - Int64(TargetHistory.seconds) * 1_000_000
    // The one before the oldest moment says how it was then.
    while moments.count > 1, moments[1].at <= oldest || weight > Self.budget {
      weight -= moments.removeFirst().rows.count + 1
    }
  }

  /// nil before anything was looked at.
  func rows(at moment: Int64) -> [AlertRow]? {
    let index = moments.partition { $0.at > moment }
    return index > 0 ? moments[index - 1].rows : nil
  }

  /// The clock was set back: what lies after `now` did not happen yet.
  mutating func rewind(to now: Int64) {
    while let last = moments.last, last.at > now { weight -= moments.removeLast().rows.count + 1 }
    episodes.removeAll { $0.from > now }
  }

  private mutating func noteEpisodes(_ holding: [AlertRow], at now: Int64) {
    let firing = holding.filter(\.isFiring)
    let open = episodes.indices.filter { episodes[$0].until == nil }
    guard !firing.isEmpty || !open.isEmpty else { return }
    for index in open where !firing.contains(where: { $0.id == episodes[index].alertID }) {
      episodes[index].until = now
    }
    for row in firing {
      if let index = open.first(where: { episodes[$0].alertID == row.id && episodes[$0].until == nil }) {
        episodes[index].value = row.value
        episodes[index].detail = row.detail
      } else {
        episodes.append(AlertEpisode(row, from: now))
      }
    }
    while episodes.count > Self.mostEpisodes { episodes.removeFirst() }
  }
}
