extension TargetHistory {
  /// So many seconds are kept as they were.
  static let fineSeconds: Int64 = 120
  /// Those before are steps of so many, which begin at multiples of it.
  static let stepSeconds: Int64 = 10

  /// Makes one sample of the seconds of each step that is two minutes ago.
  ///
  /// What stays apart: seconds between which nothing was kept, which a step would hide, and those in which no frame came.
  mutating func coarsen() {
    guard let last = lastSecond else { return }
    // The last second of a step is a multiple.
    let until = (last - Self.fineSeconds) / Self.stepSeconds * Self.stepSeconds
    let end = samples.partition { $0.second > until }
    guard coarseCount < end else { return }
    var steps: [SecondSample] = []
    var begin = coarseCount
    while begin < end {
      let step = Self.step(of: samples[begin].second)
      var next = begin + 1
      while next < end, Self.step(of: samples[next].second) == step,
        samples[next].first == samples[next - 1].second + 1, samples[next].isGuess == samples[begin].isGuess
      {
        next += 1
      }
      steps.append(next == begin + 1 ? samples[begin] : .step(Array(samples[begin..<next])))
      begin = next
    }
    for index in coarseCount..<end { sampleBytes -= samples[index].bytes }
    for step in steps { sampleBytes += step.bytes }
    samples.replaceSubrange(coarseCount..<end, with: steps)
    coarseCount += steps.count
    isRewritten = true
  }

  private static func step(of second: Int64) -> Int64 { (second - 1) / stepSeconds }

  /// Takes out the oldest sample, since there is no memory for it; the newest stays.
  mutating func forgetOldest() {
    guard samples.count > 1 else { return }
    shortenedAt = samples[0].second
    removeOldest()
  }

  mutating func removeOldest() {
    sampleBytes -= samples.removeFirst().bytes
    coarseCount = max(0, coarseCount - 1)
  }

  /// How many seconds it goes back, where it would go back further if there were memory; nil where it is as long as it may be.
  var shortSeconds: Int? {
    guard let shortenedAt, let last = lastSecond, let first = samples.first?.first,
      shortenedAt > last - Int64(Self.seconds)
    else { return nil }
    return Int(last - first) + 1
  }

  /// Of how many seconds the numbers of a moment are, up to which they go back from its end.
  func span(at second: Int64) -> Int {
    let index = samples.partition { $0.second >= second }
    return index < samples.count && samples[index].first <= second ? samples[index].span : 1
  }
}
