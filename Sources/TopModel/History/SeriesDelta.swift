import GenAPITelemetry

/// What one function did in one second, in few bytes: about 100 with its latencies.
struct SeriesDelta: Sendable {
  /// The function's number in `TargetHistory.series`.
  var series: Int32
  var started: Int32
  var ok: Int32
  var failed: Int32
  var rejected: Int32
  /// The part of `rejected` that a pool refused.
  var unavailable: Int32
  var retries: Int32
  /// At the end of the second.
  var inFlight: Int32
  /// Bucket and count of finished requests' latencies, 11 and 21 bits; a larger count takes several entries.
  var latencies: [UInt32]

  var finished: Int64 { Int64(ok) + Int64(failed) + Int64(rejected) }

  static func pack(_ histogram: LatencyHistogram) -> [UInt32] {
    var packed: [UInt32] = []
    for (bucket, count) in histogram.buckets {
      var rest = count
      while rest > 0 {
        let part = min(rest, (1 << 21) - 1)
        packed.append(UInt32(bucket) << 21 | UInt32(part))
        rest -= part
      }
    }
    return packed
  }

  func unpack(into histogram: inout LatencyHistogram) {
    for entry in latencies {
      histogram.record(bucket: Int(entry >> 21), count: Int64(entry & ((1 << 21) - 1)))
    }
  }
}
