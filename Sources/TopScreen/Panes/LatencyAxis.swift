import Foundation

/// A logarithmic axis between round bounds: 1, 2 or 5 times a power of ten.
struct LatencyAxis {
  /// Microseconds.
  let low: Int64
  let high: Int64

  init(values: [Int64]) {
    // A day is more than the histogram's end, and far from where the powers of ten overflow.
    let ceiling: Int64 = 100_000_000_000
    let least = min(max(1, values.min() ?? 1), ceiling)
    let most = min(max(least, values.max() ?? 1), ceiling)
    let low = Self.round(least, up: false)
    var high = Self.round(most, up: true)
    // Less than a factor of 5 would blow up noise.
    while high < low * 5 { high = Self.round(high + 1, up: true) }
    self.low = low
    self.high = high
  }

  /// The nearest 1, 2 or 5 times a power of ten, not below (or above) the value.
  private static func round(_ value: Int64, up: Bool) -> Int64 {
    var power: Int64 = 1
    while power <= value / 10 { power *= 10 }
    let steps = [1, 2, 5, 10].map { $0 * power }
    return up ? steps.first { $0 >= value } ?? value : steps.last { $0 <= value } ?? 1
  }

  /// 0 at the bottom, 1 at the top.
  func fraction(_ value: Int64) -> Double {
    let span = log(Double(high)) - log(Double(low))
    guard span > 0 else { return 0 }
    return min(max((log(Double(max(value, 1))) - log(Double(low))) / span, 0), 1)
  }

  /// The round values whose labels have a row of their own, from the top, each with its row.
  func ticks(rows: Int) -> [(value: Int64, row: Int)] {
    var result: [(value: Int64, row: Int)] = []
    var candidates: [Int64] = []
    var value = high
    // At most 3 a decade, 11 decades.
    while value >= low, candidates.count < 40 {
      candidates.append(value)
      value = Self.round(value - 1, up: false)
      if value < 1 { break }
    }
    func row(_ value: Int64) -> Int { Int(((1 - fraction(value)) * Double(rows - 1)).rounded()) }
    let preferred = [high, low] + candidates.filter { String($0).first == "1" } + candidates
    for value in preferred where value >= low {
      let row = row(value)
      if result.allSatisfy({ abs($0.row - row) >= (rows >= 8 ? 2 : 1) }) { result.append((value, row)) }
    }
    return result
  }

  func draw(into grid: inout Grid, rect: Rect, rows: Int, context: PaneContext) {
    guard rows > 0 else { return }
    let labelled = Dictionary(ticks(rows: rows).map { ($0.row, $0.value) }) { first, _ in first }
    for row in 0..<rows {
      let y = rect.y + row
      let x = rect.x + LatencyPane.axisWidth - 1
      if let value = labelled[row] {
        let label = TimeText.round(microseconds: value)
        grid.draw(label, at: rect.x, y, width: LatencyPane.axisWidth - 2, context.muted, .right)
        grid.place(context.glyphs.tick, width: 1, at: x, y, context.style(.border))
      } else {
        grid.place(context.glyphs.vertical, width: 1, at: x, y, context.style(.border))
      }
    }
  }
}

extension TimeText {
  /// A round value without tenths: `0`, `50ms`, `2s`.
  static func round(microseconds value: Int64) -> String {
    if value == 0 { return "0" }
    if value >= 1_000_000, value % 1_000_000 == 0 { return age(seconds: value / 1_000_000) }
    if value >= 1000, value % 1000 == 0 { return "\(value / 1000)ms" }
    return duration(microseconds: value)
  }
}
