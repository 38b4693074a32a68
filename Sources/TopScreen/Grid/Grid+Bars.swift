extension GlyphSet {
  /// A horizontal bar of `width` columns, `fraction` (0 … 1) of it filled, to an eighth of a column; anything
  /// above zero shows.
  public func bar(_ fraction: Double, width: Int) -> (filled: String, track: String) {
    guard width > 0 else { return ("", "") }
    let fraction = fraction.isFinite ? min(max(fraction, 0), 1) : 0
    var eighths8 = Int((fraction * Double(width * 8)).rounded())
    if fraction > 0 { eighths8 = max(eighths8, isASCII ? 4 : 1) }
    let full = eighths8 / 8
    let rest = eighths8 % 8
    var filled = String(repeating: String(eighths[7]), count: full)
    if rest > 0, full < width { filled.append(eighths[rest - 1]) }
    let left = width - filled.count
    return (filled, String(repeating: String(track), count: max(0, left)))
  }

  /// One column a value, the newest at the right, scaled to the highest; at most `width` columns, filled up on
  /// the left. Zero is a blank baseline, so that quiet and silent differ from low.
  public func sparkline(_ values: [Double], width: Int) -> String {
    guard width > 0 else { return "" }
    let shown = resample(values, width: width)
    let highest = shown.max() ?? 0
    var result = String(repeating: " ", count: max(0, width - shown.count))
    for value in shown {
      guard highest > 0, value > 0, value.isFinite else {
        result.append(levels[0])
        continue
      }
      result.append(levels[min(7, max(0, Int((value / highest * 7).rounded())))])
    }
    return result
  }

  /// More values than columns: neighbours are averaged, so that a peak does not come and go with the phase.
  private func resample(_ values: [Double], width: Int) -> [Double] {
    guard values.count > width else { return values }
    return (0..<width).map { column in
      let first = column * values.count / width
      let last = max(first + 1, (column + 1) * values.count / width)
      return values[first..<last].reduce(0, +) / Double(last - first)
    }
  }
}
