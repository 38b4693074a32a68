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
    case .percent: return "\(RoundedNumber.almost(percent: value).map { ByteText($0) } ?? short(value))%"
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
    // Below, what is not none is not told as none, as of percentages.
    if let little = value < 1 ? RoundedNumber.almost(percent: value) : nil { return ByteText(little) }
    let text = RoundedNumber.decimal(value, 1)
    return ByteText(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
  }
}
