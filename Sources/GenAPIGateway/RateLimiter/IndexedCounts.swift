/// A count for each place of a shard's tables. The first two are where this is, beside the shard's lock, which a check
/// has at hand: most have one limit or two.
struct IndexedCounts {
  private var first: Int64 = 0
  private var second: Int64 = 0
  private var others: ContiguousArray<Int64> = []

  /// - Parameter place: 0 or more.
  @inline(__always)
  subscript(place: Int) -> Int64 {
    get {
      switch place {
      case 0: first
      case 1: second
      default: place - 2 < others.count ? others[place - 2] : 0
      }
    }
    set {
      switch place {
      case 0: first = newValue
      case 1: second = newValue
      default:
        while others.count < place - 1 { others.append(0) }
        others[place - 2] = newValue
      }
    }
  }
}
