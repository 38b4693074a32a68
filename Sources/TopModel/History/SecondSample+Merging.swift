extension SecondSample {
  /// The same counts over the last `seconds` seconds, as evenly as whole numbers go; latencies stay with the
  /// last one.
  func spread(over seconds: Int, isGuess: Bool) -> [SecondSample] {
    (1...seconds).map { part in
      func share(_ count: Int32) -> Int32 {
        Int32(Int64(count) * Int64(part) / Int64(seconds) - Int64(count) * Int64(part - 1) / Int64(seconds))
      }
      func share(_ counts: [Count]) -> [Count] {
        counts.map { Count(key: $0.key, first: share($0.first), second: share($0.second)) }
      }
      var sample = SecondSample(second: second - Int64(seconds - part))
      sample.watched = watched / Double(seconds)
      sample.until = until.saturatingSubtract(
        Int64(watched * 1_000_000) / Int64(seconds) * Int64(seconds - part))
      sample.isGuess = isGuess && part < seconds
      sample.series = PackedSeries(
        series.map { delta in
          var delta = delta
          delta.started = share(delta.started)
          delta.ok = share(delta.ok)
          delta.failed = share(delta.failed)
          delta.rejected = share(delta.rejected)
          delta.unavailable = share(delta.unavailable)
          delta.retries = share(delta.retries)
          delta.notOk = delta.notOk.map { packed in
            SeriesDelta.pack(Int(packed >> 27), Int64(share(Int32(packed & ((1 << 27) - 1)))))
          }
          if part < seconds { delta.latencies = [] }
          return delta
        })
      sample.limits = share(limits)
      sample.messages = share(messages)
      sample.refusals = share(refusals)
      sample.nodes = nodes.map { node in
        NodeDelta(
          key: node.key, calls: share(node.calls), failures: share(node.failures),
          failovers: share(node.failovers),
          latencies: part < seconds ? [] : node.latencies)
      }
      sample.events = share(events)
      sample.cpuSeconds = cpuSeconds / Double(seconds)
      return sample
    }
  }

  /// Two samples of the same second; frames more often than once a second.
  func adding(_ other: SecondSample) -> SecondSample {
    var sum = addingCounts(other)
    sum.series = Self.merged([series, other.series])
    return sum
  }

  /// Seconds that follow one another as one coarse step.
  static func step(_ samples: [SecondSample]) -> SecondSample {
    var sum = samples[0]
    for sample in samples.dropFirst() { sum = sum.addingCounts(sample) }
    sum.series = merged(samples.map(\.series))
    sum.second = samples[samples.count - 1].second
    sum.close()
    return sum
  }

  /// All but the functions.
  private func addingCounts(_ other: SecondSample) -> SecondSample {
    var sum = self
    for node in other.nodes {
      guard let index = sum.nodes.firstIndex(where: { $0.key == node.key }) else {
        sum.nodes.append(node)
        continue
      }
      sum.nodes[index].calls = sum.nodes[index].calls.saturatingAdd(node.calls)
      sum.nodes[index].failures = sum.nodes[index].failures.saturatingAdd(node.failures)
      sum.nodes[index].failovers = sum.nodes[index].failovers.saturatingAdd(node.failovers)
      sum.nodes[index].latencies = SeriesDelta.merge(sum.nodes[index].latencies, node.latencies)
    }
    Self.add(other.limits, to: &sum.limits)
    Self.add(other.messages, to: &sum.messages)
    Self.add(other.refusals, to: &sum.refusals)
    sum.events = sum.events.saturatingAdd(other.events)
    sum.cpuSeconds += other.cpuSeconds
    sum.acceptFailures = sum.acceptFailures.saturatingAdd(other.acceptFailures)
    sum.droppedLogLines = sum.droppedLogLines.saturatingAdd(other.droppedLogLines)
    sum.refusedHandshakes = sum.refusedHandshakes.saturatingAdd(other.refusedHandshakes)
    sum.watched += other.watched
    sum.until = other.until
    sum.isGuess = isGuess && other.isGuess
    return sum
  }

  /// One after the other: each function once, with what it had under way at the end of the last.
  private static func merged(_ parts: [PackedSeries]) -> PackedSeries {
    let told = parts.filter { !$0.isEmpty }
    guard let last = parts.last, told.count > 1 || last.isEmpty else { return parts.last ?? PackedSeries() }
    guard let greatest = told.map(\.greatest).max() else { return last }
    var places = [Int32](repeating: -1, count: Int(greatest) + 1)
    var sums: [SeriesDelta] = []
    for (index, part) in parts.enumerated() {
      // What is not told of has nothing under way.
      if index == parts.count - 1 { for place in sums.indices { sums[place].inFlight = 0 } }
      part.forEach { delta in
        let place = Int(places[Int(delta.series)])
        if place >= 0 {
          sums[place].add(delta)
        } else {
          places[Int(delta.series)] = Int32(sums.count)
          sums.append(delta)
        }
      }
    }
    sums.sort { $0.series < $1.series }
    return PackedSeries(sums)
  }

  private static func add(_ counts: [Count], to sum: inout [Count]) {
    guard !sum.isEmpty else {
      sum = counts
      return
    }
    let places = Dictionary(sum.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { $1 })
    for count in counts {
      if let place = places[count.key] {
        sum[place].first = sum[place].first.saturatingAdd(count.first)
        sum[place].second = sum[place].second.saturatingAdd(count.second)
      } else {
        sum.append(count)
      }
    }
  }
}

extension SeriesDelta {
  /// What came later in the same second.
  mutating func add(_ later: SeriesDelta) {
    started = started.saturatingAdd(later.started)
    ok = ok.saturatingAdd(later.ok)
    failed = failed.saturatingAdd(later.failed)
    rejected = rejected.saturatingAdd(later.rejected)
    unavailable = unavailable.saturatingAdd(later.unavailable)
    retries = retries.saturatingAdd(later.retries)
    inFlight = later.inFlight
    notOk = Self.mergeEndings(notOk, later.notOk)
    latencies = Self.merge(latencies, later.latencies)
  }
}
