import TopModel

/// Numbers in few columns: `812`, `1.2k`, `3.4M`.
package enum NumberText {
  /// At most 5 columns: `0`, `<0.1`, `0.4`, `9.9`, `812`, `1.2k`, `98k`, `3.4M`.
  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let magnitude = abs(value)
    if magnitude == 0 { return "0" }
    // What is little is not told as none.
    if magnitude < 0.05 { return value > 0 ? "<0.1" : ">-0.1" }
    if magnitude < 9.95 { return decimal(value, 1) }
    if magnitude < 999.5 { return String(Int(value.rounded())) }
    for (unit, factor) in [("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15)] {
      let scaled = magnitude / factor
      if scaled < 999.5 {
        let sign = value < 0 ? "-" : ""
        return sign + (scaled < 9.95 ? decimal(scaled, 1) : String(Int(scaled.rounded()))) + unit
      }
    }
    return value < 0 ? "-∞" : "∞"
  }

  package static func short(_ value: Int64) -> String {
    (-999...999).contains(value) ? String(value) : short(Double(value))
  }

  package static func short(_ value: Int) -> String { short(Int64(value)) }

  /// What is not known is a dash, never 0.
  package static let unknown = "–"

  package static func short(_ value: Double?) -> String { value.map { short($0) } ?? unknown }
  package static func short(_ value: Int64?) -> String { value.map { short($0) } ?? unknown }
  package static func short(_ value: Int?) -> String { value.map { short($0) } ?? unknown }
  package static func grouped(_ value: Int64?) -> String { value.map { grouped($0) } ?? unknown }
  package static func percent(_ value: Double?) -> String { value.map { percent($0) } ?? unknown }

  /// `1 group`, `3 groups`, `1.2k groups`.
  package static func counted(_ count: Int, _ thing: String) -> String {
    "\(short(count)) \(thing)\(count == 1 ? "" : "s")"
  }

  /// Groups of three digits: `11 932`. Above 9 999 999 in the short form.
  package static func grouped(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 9_999_999.5 else { return short(value) }
    return grouped(Int64(value.rounded()))
  }

  package static func grouped(_ value: Int64) -> String {
    guard abs(Double(value)) <= 9_999_999 else { return short(value) }
    let digits = String(value.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(" ") }
      result.append(digit)
    }
    return value < 0 ? "-" + result : result
  }

  /// 4 columns or 5: `0.0`, `2.1`, `100`.
  package static func percent(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    if let almost = RoundedNumber.almost(percent: value) { return almost }
    return abs(value) < 99.95 ? decimal(value, 1) : String(Int(min(max(value, -9999), 9999).rounded()))
  }

  /// `812 B`, `3.4 MB`: powers of 1024.
  package static func bytes(_ count: Int64) -> String {
    if abs(Double(count)) < 1024 { return "\(count)B" }
    var scaled = Double(count)
    for unit in ["K", "M", "G", "T", "P"] {
      scaled /= 1024
      if abs(scaled) < 999.5 {
        return (abs(scaled) < 9.95 ? decimal(scaled, 1) : String(Int(scaled.rounded()))) + unit
      }
    }
    return "∞"
  }

  static func decimal(_ value: Double, _ digits: Int) -> String { RoundedNumber.decimal(value, digits) }
}
