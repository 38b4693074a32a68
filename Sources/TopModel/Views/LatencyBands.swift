import GenAPITelemetry

/// How latencies are parted into bands: round bounds, 3, 6 or 10 of them a decade, from 10 µs to 100 s. What is
/// faster or slower is in the first and the last band.
enum LatencyBands: CaseIterable {
  case coarse, medium, fine

  /// The lower bound of each band, rising, in microseconds.
  var bounds: [Int64] {
    switch self {
    case .coarse: Self.coarseBounds
    case .medium: Self.mediumBounds
    case .fine: Self.fineBounds
    }
  }

  private static let coarseBounds = bounds(of: [10, 20, 50])
  private static let mediumBounds = bounds(of: [10, 15, 20, 30, 50, 70])
  private static let fineBounds = bounds(of: [10, 12, 15, 20, 25, 30, 40, 50, 60, 80])

  private static func bounds(of steps: [Int64]) -> [Int64] {
    var bounds: [Int64] = [0]
    var factor: Int64 = 1
    while factor < 10_000_000 {
      bounds += steps.map { $0 * factor }
      factor *= 10
    }
    return bounds + [100_000_000]
  }

  /// The finest whose used bands, with those between them, fit into so many rows.
  ///
  /// - Parameter durations: latencies of which bands begin and end, though all then may not fit.
  static func fitting(_ histogram: BucketCounts, rows: Int, keeping durations: Range<Int64>? = nil)
    -> LatencyBands
  {
    let able = allCases.filter { bands in durations.map(bands.part) ?? true }
    return able.last { $0.span(of: histogram) <= rows } ?? able.first
      ?? (durations == nil ? .coarse : fitting(histogram, rows: rows))
  }

  /// Whether bands begin and end where these latencies do.
  private func part(_ durations: Range<Int64>) -> Bool {
    bounds.contains(durations.lowerBound)
      && (durations.upperBound == .max || bounds.contains(durations.upperBound))
  }

  private func span(of histogram: BucketCounts) -> Int {
    let counts = counts(of: histogram)
    guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 })
    else { return 0 }
    return last - first + 1
  }

  /// As many as there are bounds.
  func counts(of histogram: BucketCounts) -> [Int64] {
    let bounds = bounds
    var counts = [Int64](repeating: 0, count: bounds.count)
    var band = 0
    histogram.forEachBucket { bucket, count in
      let value = LatencyHistogram.representative(of: bucket)
      while band + 1 < bounds.count, value >= bounds[band + 1] { band += 1 }
      counts[band] += count
    }
    return counts
  }
}
