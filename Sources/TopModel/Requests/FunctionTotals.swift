import GenAPITelemetry

/// The totals of functions, by place, kept up: what nothing happened to is not added up again.
struct FunctionTotals: Sendable {
  let parts: FunctionParts
  private(set) var list: [FunctionTotal]
  /// Which totals are others.
  private(set) var changes = ChangeLog()
  /// Latencies that were asked for, for as long as they are the same.
  private var latencies: [BucketCounts?] = []
  private var course = FunctionCourse()
  /// What the sources were when they were added up.
  private var known: [RequestSource.Signature] = []
  /// By place: it is among those that are added up again.
  private var isNoted: [Bool]
  /// How many places were added up.
  private(set) var additions = 0

  init(_ parts: FunctionParts) {
    self.parts = parts
    list = Array(repeating: FunctionTotal(), count: parts.count)
    isNoted = Array(repeating: false, count: parts.count)
  }

  /// Makes these the totals of what the sources, which the parts were made for, are now.
  mutating func follow(_ sources: [RequestSource]) {
    let signatures = sources.map(\.signature)
    guard signatures != known else { return }
    defer { known = signatures }
    var changed: [Int32] = []
    guard known.count == signatures.count, note(signatures, sources, in: &changed) else {
      for place in changed { isNoted[Int(place)] = false }
      for place in list.indices { add(place, sources) }
      changes.reset()
      return
    }
    for place in changed {
      isNoted[Int(place)] = false
      add(Int(place), sources)
    }
    changes.note(changed)
  }

  private mutating func add(_ place: Int, _ sources: [RequestSource]) {
    list[place] = FunctionTotal(parts.counted(place, sources), sources)
    if !latencies.isEmpty { latencies[place] = nil }
    additions += 1
  }

  /// Notes the places that something happened to.
  ///
  /// - Returns: false where that is not known, or is so of all.
  private mutating func note(
    _ signatures: [RequestSource.Signature], _ sources: [RequestSource], in changed: inout [Int32]
  ) -> Bool {
    for (index, now) in signatures.enumerated() where now != known[index] {
      let own = parts.places[index]
      var isNoted: [Bool] = []
      swap(&isNoted, &self.isNoted)
      defer { swap(&isNoted, &self.isNoted) }
      func note(_ number: Int) {
        guard number < own.count, own[number] >= 0, !isNoted[Int(own[number])] else { return }
        isNoted[Int(own[number])] = true
        changed.append(own[number])
      }
      if now.isLike(known[index]) {
        guard sources[index].sums.changes.forEach(since: known[index].sums, { note(Int($0)) }) else {
          return false
        }
      } else if signatures.count == 1 {
        return false
      } else {
        for number in own.indices { note(number) }
      }
    }
    return true
  }

  /// The latencies of a place, of sources that it followed.
  mutating func latency(of place: Int, _ sources: [RequestSource]) -> BucketCounts {
    if latencies.isEmpty { latencies = Array(repeating: nil, count: list.count) }
    if let known = latencies[place] { return known }
    let latency = FunctionTotal.latency(parts.counted(place, sources), sources)
    latencies[place] = latency
    return latency
  }

  /// By place: requests under way at the end of the window.
  func inFlight(_ sources: [RequestSource]) -> [Int64] {
    var found = [Int64](repeating: 0, count: list.count)
    for (index, source) in sources.enumerated() {
      source.eachInFlight { number, count in
        let own = parts.places[index]
        guard number < own.count, own[number] >= 0 else { return }
        let place = Int(own[number])
        if !source.isStale || list[place].isStale { found[place] += count }
      }
    }
    return found
  }

  /// By place: requests begun in each part of the window, by slot; the sums of what the sources had in each second.
  mutating func trends(_ sources: [RequestSource], slots: Int, length: Int) -> [[Double]] {
    course.follow(sources, parts)
    var trends = [[Double]](repeating: Array(repeating: 0, count: slots), count: list.count)
    for (index, source) in sources.enumerated() {
      course.forEach(of: index) { seconds, place, started in
        guard !source.isStale || list[place].isStale else { return }
        source.forEachSlot(seconds, slots: slots, length: length) {
          trends[place][$0] += Double(started) * $1
        }
      }
    }
    return trends
  }
}
