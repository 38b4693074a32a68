extension ClusterModel {
  /// Takes out the oldest that is kept of the gateway that takes most, until there is room for all.
  mutating func keepToBudget() {
    keep(\.sampleBytes, to: sampleBudget) { $0.forgetOldest() }
    keep(\.slowBytes, to: slowBudget) { $0.forgetOldestState() }
  }

  private mutating func keep(
    _ bytes: KeyPath<TargetHistory, Int>, to budget: Int, forgetting forget: (inout TargetHistory) -> Void
  ) {
    func taken(_ index: Int) -> Int { targets[index].history[keyPath: bytes] }
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
