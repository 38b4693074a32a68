extension ClusterModel {
  /// Takes out the oldest that is kept of the gateway that takes most, until there is room for all.
  mutating func keepToBudget() {
    var samples = targets.reduce(0) { $0 + $1.history.sampleBytes }
    while samples > sampleBudget, let index = largest({ $0.history.sampleBytes }) {
      let before = targets[index].history.sampleBytes
      targets[index].history.forgetOldest()
      // Each has its newest.
      guard targets[index].history.sampleBytes < before else { break }
      samples -= before - targets[index].history.sampleBytes
    }
    var states = targets.reduce(0) { $0 + $1.history.slowBytes }
    while states > slowBudget, let index = largest({ $0.history.slowBytes }) {
      let before = targets[index].history.slowBytes
      targets[index].history.forgetOldestState()
      guard targets[index].history.slowBytes < before else { break }
      states -= before - targets[index].history.slowBytes
    }
  }

  private func largest(_ bytes: (TargetModel) -> Int) -> Int? {
    targets.indices.max { bytes(targets[$0]) < bytes(targets[$1]) }
  }
}
