import GenAPIValue

/// In which order functions stand, without their rows: numbers are compared, nothing is written.
final class RequestOrder: Sendable {
  /// What it was made of.
  struct Key: Equatable, Sendable {
    var names: ObjectIdentifier
    var sort: RequestSort
    var isReversed: Bool
    /// Of the totals.
    var stamp: Stamp
    /// Of an order by what is under way, which is of one second.
    var ends: [Int64]

    /// Only what functions did differs.
    fileprivate func isLike(_ other: Key) -> Bool {
      names == other.names && sort == other.sort && isReversed == other.isReversed
    }
  }

  let key: Key
  /// Held, so that nothing else can have the names' place in memory.
  let names: RequestNames
  private let entries: [Entry]
  /// By place: its `trouble` is above 1.
  private let isTroubled: [Bool]
  /// How many have a `trouble` above 1.
  let troubled: Int

  var count: Int { entries.count }

  /// The place among the names of what stands at a position.
  func place(at position: Int) -> Int { Int(entries[position].place) }

  /// `RequestRow.id` of what stands at a position.
  func id(at position: Int) -> ByteText { names.ids[place(at: position)] }

  /// Where an identity stands; nil when there is none.
  func position(of id: ByteText) -> Int? {
    guard let place = names.place(of: id) else { return nil }
    return entries.firstIndex { Int($0.place) == place }
  }

  /// - Parameters:
  ///   - totals: of the names, as `sources` are now.
  ///   - before: an order to begin with: of the same functions only those move that did something since.
  init(
    _ key: Key, _ names: RequestNames, _ totals: FunctionTotals, _ sources: [RequestSource],
    before: RequestOrder?
  ) {
    (self.key, self.names) = (key, names)
    let numbers = Numbers(key, names, totals, sources)
    let known = before.flatMap { $0.key.isLike(key) ? $0 : nil }
    if let known, key.sort != .inFlight,
      let moved = known.moved(numbers, totals, sources)
    {
      (entries, isTroubled, troubled) = moved
      return
    }
    // What did not change is found in place.
    var entries: [Entry] = []
    entries.reserveCapacity(names.list.count)
    var isTroubled = [Bool](repeating: false, count: names.list.count)
    var troubled = 0
    for position in names.list.indices {
      let place = known?.entries[position].place ?? Int32(position)
      let trouble = numbers.trouble(at: Int(place), totals)
      isTroubled[Int(place)] = trouble > 1
      if trouble > 1 { troubled += 1 }
      entries.append(numbers.entry(at: place, trouble: trouble, totals, sources))
    }
    numbers.sort(&entries)
    (self.entries, self.isTroubled, self.troubled) = (entries, isTroubled, troubled)
  }

  /// The same order without what is at some positions.
  init(_ whole: RequestOrder, without hidden: Set<Int>) {
    (key, names, isTroubled, troubled) = (whole.key, whole.names, whole.isTroubled, whole.troubled)
    entries = whole.entries.indices.filter { !hidden.contains($0) }.map { whole.entries[$0] }
  }

  /// The entries in order after some functions did something; nil where it is not known which did, or nearly all.
  private func moved(_ numbers: Numbers, _ totals: FunctionTotals, _ sources: [RequestSource])
    -> (entries: [Entry], isTroubled: [Bool], troubled: Int)?
  {
    var isMoved = [Bool](repeating: false, count: names.list.count)
    var places: [Int32] = []
    let isKnown = totals.changes.forEach(since: key.stamp) { place in
      if !isMoved[Int(place)] {
        isMoved[Int(place)] = true
        places.append(place)
      }
    }
    guard isKnown, entries.count == names.list.count, places.count * 4 < entries.count else { return nil }
    var (isTroubled, troubled) = (isTroubled, troubled)
    var others: [Entry] = []
    others.reserveCapacity(places.count)
    for place in places {
      let trouble = numbers.trouble(at: Int(place), totals)
      if isTroubled[Int(place)] != (trouble > 1) {
        isTroubled[Int(place)] = trouble > 1
        troubled += trouble > 1 ? 1 : -1
      }
      others.append(numbers.entry(at: place, trouble: trouble, totals, sources))
    }
    if numbers.isByName { return (entries, isTroubled, troubled) }
    numbers.sort(&others)
    let isReversed = key.isReversed
    let sum = [Entry](unsafeUninitializedCapacity: entries.count) { sum, count in
      var next = 0
      for entry in entries where !isMoved[Int(entry.place)] {
        while next < others.count, others[next].precedes(entry, isReversed: isReversed) {
          sum.initializeElement(at: count, to: others[next])
          count += 1
          next += 1
        }
        sum.initializeElement(at: count, to: entry)
        count += 1
      }
      while next < others.count {
        sum.initializeElement(at: count, to: others[next])
        count += 1
        next += 1
      }
    }
    return (sum, isTroubled, troubled)
  }
}

extension RequestOrder {
  /// A function while it is put in order.
  struct Entry: Sendable {
    var first: Double
    var second: Double
    var rank: Int32
    var place: Int32
    var isStale: Bool

    /// As `ViewSettings.precedes`.
    func precedes(_ other: Entry, isReversed: Bool) -> Bool {
      if isStale != other.isStale { return other.isStale }
      if (first < 0) != (other.first < 0) { return other.first < 0 }
      if first != other.first { return (first > other.first) != isReversed }
      if second != other.second { return (second > other.second) != isReversed }
      return rank < other.rank
    }
  }

  /// What functions are sorted by, as their rows have it, without making rows.
  private struct Numbers {
    let sort: RequestSort
    let names: RequestNames
    private let isReversed: Bool
    private let inFlight: [Int64]

    init(_ key: Key, _ names: RequestNames, _ totals: FunctionTotals, _ sources: [RequestSource]) {
      (sort, isReversed, self.names) = (key.sort, key.isReversed, names)
      inFlight = sort == .inFlight ? totals.inFlight(sources) : []
    }

    /// What functions do moves none of them.
    var isByName: Bool { sort == .service || sort == .type }

    /// `RequestRow.trouble`.
    func trouble(at place: Int, _ totals: FunctionTotals) -> Int {
      totals.list[place].trouble(isUnsupported: names.list[place].service == RequestRow.unsupported)
    }

    func entry(at place: Int32, trouble: Int, _ totals: FunctionTotals, _ sources: [RequestSource])
      -> Entry
    {
      let total = totals.list[Int(place)]
      var entry = Entry(
        first: 0, second: 0, rank: names.ranks[Int(place)], place: place, isStale: total.isStale)
      let place = Int(place)
      // What is equal in a share has the busiest first, whichever way the shares stand.
      let busiest = isReversed ? -total.rate : total.rate
      switch sort {
      case .worst:
        (entry.first, entry.second) = (
          RequestRow.urgency(trouble, goesOn: total.goesOn), total.rate
        )
      case .rate: entry.first = total.isKept ? total.rate : -1
      case .errors: (entry.first, entry.second) = (total.hasEnded ? total.errorPercent : -1, busiest)
      case .rejected: (entry.first, entry.second) = (total.hasEnded ? total.rejectedPercent : -1, busiest)
      // Nothing that is of functions: all alike.
      case .failovers: (entry.first, entry.second) = (-1, busiest)
      case .inFlight:
        (entry.first, entry.second) = (total.isKept ? Double(max(0, inFlight[place])) : -1, busiest)
      case .p50, .p95, .p99, .max:
        let latency = FunctionTotal.latency(totals.parts.counted(place, sources), sources)
        let value =
          switch sort {
          case .p50: latency.quantile(0.5)
          case .p95: latency.quantile(0.95)
          case .p99: latency.quantile(0.99)
          default: latency.highest
          }
        entry.first = value.map { Double($0) } ?? -1
      case .service, .type: break
      }
      return entry
    }

    func sort(_ entries: inout [Entry]) {
      switch sort {
      case .service: entries.sort { isReversed ? $1.rank < $0.rank : $0.rank < $1.rank }
      case .type:
        entries.sort {
          let (one, other) = (names.list[Int($0.place)], names.list[Int($1.place)])
          return isReversed ? other.precedes(one, byType: true) : one.precedes(other, byType: true)
        }
      default: entries.sort { $0.precedes($1, isReversed: isReversed) }
      }
    }
  }
}
