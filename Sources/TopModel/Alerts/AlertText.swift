import GenAPIValue

/// Numbers of alerts, written as thresholds are.
enum AlertText {
  static func text(_ value: Double, _ unit: AlertMetric.Unit) -> ByteText {
    switch unit {
    case .duration:
      if value < 1_000 { return "\(Int64(value))µs" }
      if value < 1_000_000 { return "\(short(value / 1_000))ms" }
      return "\(short(value / 1_000_000))s"
    case .rate: return "\(short(value))/s"
    // That all of them failed is said of all of them only.
    case .percent: return value < 100 && value >= 99.95 ? "99.9%" : "\(short(value))%"
    case .count: return "\(Int64(value))"
    case .lifetime:
      if value <= 0 { return "expired" }
      if value < 3_600 { return "\(Int64(value / 60))m" }
      return value < 172_800 ? "\(Int64(value / 3_600))h" : "\(Int64(min(value / 86_400, 1e9)))d"
    case .bytes: return "\(short(value / 1_000_000))MB"
    }
  }

  /// With one digit after the point below 100.
  private static func short(_ value: Double) -> ByteText {
    guard value.isFinite, value < 1e15 else { return "∞" }
    if value >= 100 { return "\(Int64(value.rounded()))" }
    let tenths = Int64((value * 10).rounded())
    if tenths == 0, value > 0 { return "<0.1" }
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
