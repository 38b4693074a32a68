import GenAPIValue

/// In which order functions stand, without their rows: numbers are compared, nothing is written.
final class RequestOrder: Sendable {
  /// What it was made of.
  struct Key: Equatable {
    var names: ObjectIdentifier
    var sort: RequestSort
    var isReversed: Bool
    var sources: [RequestSource.Signature]
    /// Of an order by what is under way, which is of one second.
    var ends: [Int64]
  }

  /// Held, so that nothing else can have the names' place in memory.
  let names: RequestNames
  let places: [Int32]
  /// In the same order: `RequestRow.id`.
  let ids: [ByteText]
  /// How many have a `trouble` above 1.
  let troubled: Int

  /// - Parameter before: an order of the same names to begin with: what did not change is found in place.
  init(_ names: RequestNames, _ sources: [RequestSource], _ settings: ViewSettings, before: RequestOrder?) {
    self.names = names
    let numbers = RequestNumbers(names, sources, sort: settings.requestSort)
    var troubled = 0
    for place in names.list.indices where numbers.trouble[place] > 1 { troubled += 1 }
    self.troubled = troubled
    let isReversed = settings.isSortReversed
    // What is equal in a share has the busiest first, whichever way the shares stand.
    let factor = isReversed && settings.requestSort != .worst ? -1.0 : 1
    let known = before.flatMap { $0.names === names ? $0.places : nil }
    var entries = (known ?? names.list.indices.map { Int32($0) }).map {
      Entry(
        numbers.first[Int($0)], numbers.second[Int($0)] * factor, rank: names.ranks[Int($0)], place: $0,
        isStale: numbers.trouble[Int($0)] < 0)
    }
    switch settings.requestSort {
    case .service: entries.sort { isReversed ? $1.rank < $0.rank : $0.rank < $1.rank }
    case .type:
      entries.sort {
        let (one, other) = (names.list[Int($0.place)], names.list[Int($1.place)])
        return isReversed ? other.precedes(one, byType: true) : one.precedes(other, byType: true)
      }
    default: entries.sort { $0.precedes($1, isReversed: isReversed) }
    }
    places = entries.map(\.place)
    ids = entries.map { names.ids[Int($0.place)] }
  }

  /// The same order without what is at some positions.
  init(_ whole: RequestOrder, without hidden: Set<Int>) {
    names = whole.names
    let positions = whole.places.indices.filter { !hidden.contains($0) }
    places = positions.map { whole.places[$0] }
    ids = positions.map { whole.ids[$0] }
    troubled = whole.troubled
  }

  /// A function while it is put in order.
  private struct Entry {
    var first: Double
    var second: Double
    var rank: Int32
    var place: Int32
    var isStale: Bool

    init(_ first: Double, _ second: Double, rank: Int32, place: Int32, isStale: Bool) {
      (self.first, self.second, self.rank, self.place) = (first, second, rank, place)
      self.isStale = isStale
    }

    /// As `ViewSettings.precedes`.
    func precedes(_ other: Entry, isReversed: Bool) -> Bool {
      if isStale != other.isStale { return other.isStale }
      if (first < 0) != (other.first < 0) { return other.first < 0 }
      if first != other.first { return (first > other.first) != isReversed }
      if second != other.second { return (second > other.second) != isReversed }
      return rank < other.rank
    }
  }
}
