/// A count for each index of a shard's tables. The first two are where this is, beside the shard's lock, which a check
/// has at hand: most have one limit or two.
struct IndexedCounts {
  private var first: Int64 = 0
  private var second: Int64 = 0
  private var others: ContiguousArray<Int64> = []

  /// - Parameter index: 0 or more.
  @inline(__always)
  subscript(index: Int) -> Int64 {
    get {
      switch index {
      case 0: first
      case 1: second
      default: index - 2 < others.count ? others[index - 2] : 0
      }
    }
    set {
      switch index {
      case 0: first = newValue
      case 1: second = newValue
      default:
        while others.count < index - 1 { others.append(0) }
        others[index - 2] = newValue
      }
    }
  }
}
