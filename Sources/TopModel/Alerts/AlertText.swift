import GenAPIValue

/// Numbers of alerts, written as thresholds are.
enum AlertText {
  /// With as many digits as tell it from the bound that it is compared with: what is above 5 % is not told as 5 %.
  static func text(_ value: Double, _ unit: AlertMetric.Unit, beside bound: Double) -> ByteText {
    let usual = text(value, unit)
    // What only grows by one, or is told rounded down, is told from its bound already.
    guard value != bound, value.isFinite, abs(value) < 1e12, usual == text(bound, unit) else { return usual }
    for digits in 2...3 {
      let longer = text(value, unit, digits: digits)
      if longer != text(bound, unit, digits: digits) { return longer }
    }
    return (value > bound ? ">" : "<") + usual
  }

  static func text(_ value: Double, _ unit: AlertMetric.Unit, digits: Int = 1) -> ByteText {
    func short(_ value: Double) -> ByteText { self.short(value, digits) }
    switch unit {
    case .duration:
      if value < 1_000 { return "\(Int64(value))µs" }
      if value < 1_000_000 { return "\(short(value / 1_000))ms" }
      return "\(short(value / 1_000_000))s"
    case .rate: return "\(short(value))/s"
    case .percent:
      let almost = digits == 1 ? RoundedNumber.almost(percent: value) : nil
      return "\(almost.map { ByteText($0) } ?? short(value))%"
    case .count: return "\(Int64(value))"
    case .lifetime:
      if value <= 0 { return "expired" }
      if value < 3_600 { return "\(Int64(value / 60))m" }
      return value < 172_800 ? "\(Int64(value / 3_600))h" : "\(Int64(min(value / 86_400, 1e9)))d"
    case .bytes: return "\(short(value / 1_000_000))MB"
    }
  }

  /// With one digit after the point below 100, or as many as are asked for.
  private static func short(_ value: Double, _ digits: Int) -> ByteText {
    guard value.isFinite, value < 1e15 else { return "∞" }
    if digits > 1 { return ByteText(RoundedNumber.decimal(value, digits)) }
    if value >= 100 { return "\(Int64(value.rounded()))" }
    // Below, what is not none is not told as none, as of percentages.
    if let little = value < 1 ? RoundedNumber.almost(percent: value) : nil { return ByteText(little) }
    let text = RoundedNumber.decimal(value, 1)
    return ByteText(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
  }
}
