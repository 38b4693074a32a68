/// What strangers caused within a window of time: told once an address, then only counted.
///
/// A value without I/O or clock: whoever holds it says when the window is over.
struct StrangerLedger<Level: Sendable> {
  struct Left {
    /// What is told of each time.
    var what: String
    /// nil for all that found no place of their own.
    var place: String?
    var count: Int64
    var level: Level
  }

  private struct Key: Hashable {
    var what: String
    var place: String
  }

  private let limit: Int
  private var counts: [Key: (count: Int64, level: Level)] = [:]
  /// By what: as many as the program has such messages.
  private var others: [String: (count: Int64, level: Level)] = [:]

  /// - Parameter limit: addresses, and messages of each, that have a place of their own in one window.
  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { counts.isEmpty && others.isEmpty }

  /// - Returns: whether it is to be told now.
  mutating func note(_ what: String, from place: String, _ level: Level) -> Bool {
    let key = Key(what: what, place: place)
    if let known = counts[key] {
      counts[key] = (known.count + 1, level)
      return false
    }
    guard counts.count < limit else {
      others[what] = ((others[what]?.count ?? 0) + 1, level)
      return false
    }
    counts[key] = (0, level)
    return true
  }

  /// The window is over: what was counted and not told. The next one begins empty.
  mutating func close() -> [Left] {
    defer {
      counts = [:]
      others = [:]
    }
    let placed = counts.filter { $0.value.count > 0 }.map { key, value in
      Left(what: key.what, place: key.place, count: value.count, level: value.level)
    }
    return placed.sorted { ($1.count, $0.what, $0.place ?? "") < ($0.count, $1.what, $1.place ?? "") }
      + others.sorted { $0.key < $1.key }.map {
        Left(what: $0.key, place: nil, count: $0.value.count, level: $0.value.level)
      }
  }
}
