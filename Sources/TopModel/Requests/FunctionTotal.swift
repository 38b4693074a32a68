import GenAPITelemetry

/// What functions that belong together did in a window, over the gateways: the one place where that is added up, for rows, orders,
/// groups, rules and details.
struct FunctionTotal: Equatable, Sendable {
  /// Requests a second, of each gateway over the time that it was watched.
  var rate = 0.0
  /// The same of those that a pool refused.
  var unavailableRate = 0.0
  var counts = WindowSums.Counts()
  /// No gateway that is not silent tells of them.
  var isStale = true
  /// Something was kept at the moment, of one gateway at least.
  var isKept = false

  init() {}

  /// - Parameter parts: those that count.
  init(_ parts: ArraySlice<FunctionParts.Part>, _ sources: [RequestSource]) {
    for part in parts {
      let source = Int(part.source)
      isStale = isStale && sources[source].isStale
      isKept = isKept || sources[source].isKept
      let own =
        part.number == FunctionParts.Part.all
        ? sources[source].sums.whole : sources[source].sums.counts(of: Int(part.number))
      counts += own
      rate += Double(own.started) / sources[source].watched
      unavailableRate += Double(own.unavailable) / sources[source].watched
    }
  }

  /// The latencies of the same.
  static func latency(_ parts: ArraySlice<FunctionParts.Part>, _ sources: [RequestSource]) -> BucketCounts {
    var latency = BucketCounts()
    for part in parts {
      // Looked at where they lie.
      let source = Int(part.source)
      latency +=
        part.number == FunctionParts.Part.all
        ? sources[source].sums.wholeLatency : sources[source].sums.latency(of: Int(part.number))
    }
    return latency
  }

  private func percent(_ part: Int64) -> Double {
    counts.finished == 0 ? 0 : Double(part) * 100 / Double(counts.finished)
  }

  var errorPercent: Double { percent(counts.failed) }
  var rejectedPercent: Double { percent(counts.rejected) }

  /// As `RequestRow.hasEnded`, of one of which something was kept.
  var hasEnded: Bool { isKept && (counts.ran > 0 || counts.failed > 0 || counts.rejected > 0) }

  /// As `RequestRow.goesOn`.
  var goesOn: Bool { counts.troubled > 0 }

  /// As `RequestRow.trouble`.
  func trouble(isUnsupported: Bool = false) -> Int {
    if isStale || !isKept { return 0 }
    if isUnsupported { return counts.failed > 0 ? RequestRow.unsupportedTrouble : 0 }
    return RequestRow.trouble(
      errorPercent: errorPercent, rejectedPercent: rejectedPercent,
      // The p99 is slow where fewer than it needs are not.
      isSlow: counts.ran > 0 && counts.ran - counts.slow < BucketCounts.rank(0.99, of: counts.ran))
  }
}
