extension ClusterModel {
  /// Takes out the oldest that is kept of the gateway that takes most, until there is room for all.
  mutating func keepToBudget() {
    keep(to: sampleBudget, { $0.sampleBytes }, forgetting: { $0.forgetOldest() })
    keep(to: slowBudget, { $0.slowBytes }, forgetting: { $0.forgetOldestState() })
  }

  /// - Parameter bytes: no key path, since that would copy the history of every gateway to look at one number.
  @inline(__always)
  private mutating func keep(
    to budget: Int, _ bytes: (borrowing TargetHistory) -> Int,
    forgetting forget: (inout TargetHistory) -> Void
  ) {
    func taken(_ index: Int) -> Int { bytes(targets[index].history) }
    var all = targets.indices.reduce(0) { $0 + taken($1) }
    while all > budget, let largest = targets.indices.max(by: { taken($0) < taken($1) }) {
      let before = taken(largest)
      forget(&targets[largest].history)
      // Each has its newest.
      guard taken(largest) < before else { break }
      all -= before - taken(largest)
    }
  }
}
