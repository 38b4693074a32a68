/// What strangers caused within a window of time: told once an address and kind, then only counted.
///
/// A value without I/O or clock: whoever holds it says when the window is over.
struct StrangerCounts<Level: Sendable> {
  struct Left {
    /// What is told of each time.
    var what: String
    /// Why, where that was told apart; of what was counted together the reasons with their numbers.
    var kind: String?
    /// nil for all addresses that are not told apart.
    var address: String?
    var count: Int64
    var level: Level
  }

  /// Kinds of one address that are told apart; one stranger cannot take the room of others.
  private static var mostKinds: Int { 8 }

  private struct Key: Hashable {
    var what: String
    var kind: String?
    var address: String
  }

  private let limit: Int
  private struct Count {
    var count: Int64
    var level: Level
    /// Where several kinds are counted together.
    var reasons = StrangerReasons()

    mutating func add(_ kind: String?, _ level: Level) {
      count += 1
      self.level = level
      if let kind { reasons.note(kind) }
    }
  }

  private var counts: [Key: Count] = [:]
  /// By address.
  private var kinds: [String: Int] = [:]
  /// By what: as many as the program has such messages.
  private var others: [String: Count] = [:]

  /// - Parameter limit: addresses, and messages of each, that are told apart in one window.
  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { counts.isEmpty && others.isEmpty }

  /// - Returns: whether it is to be told now.
  mutating func note(_ what: String, _ kind: String? = nil, from address: String, _ level: Level) -> Bool {
    var key = Key(what: what, kind: kind, address: address)
    if counts[key] == nil, kinds[address, default: 0] >= Self.mostKinds { key.kind = nil }
    if counts[key] != nil {
      counts[key]?.add(key.kind == nil ? kind : nil, level)
      return false
    }
    guard counts.count < limit else {
      others[what, default: Count(count: 0, level: level)].add(kind, level)
      return false
    }
    counts[key] = Count(count: 0, level: level)
    kinds[address, default: 0] += 1
    return true
  }

  /// The window is over: what was counted and not told. The next one begins empty.
  mutating func close() -> [Left] {
    defer {
      counts = [:]
      kinds = [:]
      others = [:]
    }
    let placed = counts.filter { $0.value.count > 0 }.map { key, value in
      Left(
        what: key.what, kind: key.kind ?? value.reasons.text, address: key.address, count: value.count,
        level: value.level)
    }
    func order(_ left: Left) -> (Int64, String, String, String) {
      (-left.count, left.what, left.address ?? "", left.kind ?? "")
    }
    return placed.sorted { order($0) < order($1) }
      + others.sorted { $0.key < $1.key }.map {
        Left(
          what: $0.key, kind: $0.value.reasons.text, address: nil, count: $0.value.count,
          level: $0.value.level)
      }
  }
}
