/// Numbers rounded for people, where panes and alerts say the same.
package enum RoundedNumber {
  /// `<0.1` and `99.9`: a percentage that would read as none or all of them and is not; nil where it may be rounded.
  package static func almost(percent value: Double) -> String? {
    if value > 0, value < 0.05 { return "<0.1" }
    // That all of them failed is said of all of them only.
    return value >= 99.95 && value < 100 ? "99.9" : nil
  }

  /// With one digit or up to three after the point, without `String(format:)`, which costs a hundred times as much.
  package static func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "–" }
    let factor = digits == 1 ? 10.0 : digits == 2 ? 100.0 : 1000.0
    let scaled = Int64((abs(value) * factor).rounded())
    let whole = scaled / Int64(factor)
    let part = String(scaled % Int64(factor))
    let sign = value < 0 && scaled != 0 ? "-" : ""
    return "\(sign)\(whole).\(String(repeating: "0", count: digits - part.count))\(part)"
  }
}
