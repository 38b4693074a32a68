extension GlyphSet {
  /// A horizontal bar of `width` columns, `fraction` (0 … 1) of it filled, to half a column; anything above
  /// zero shows.
  package func bar(_ fraction: Double, width: Int) -> (filled: String, track: String) {
    guard width > 0 else { return ("", "") }
    let fraction = fraction.isFinite ? min(max(fraction, 0), 1) : 0
    var halves = Int((fraction * Double(width * 2)).rounded())
    if fraction > 0 { halves = max(halves, 1) }
    var filled = String(repeating: String(fullBar), count: halves / 2)
    if halves % 2 == 1 { filled.append(halfBar) }
    return (filled, String(repeating: String(track), count: max(0, width - filled.count)))
  }

  /// One column a value, the newest at the right; at most `width` columns, filled up on the left.
  ///
  /// Heights run from zero to the highest value; when all are near each other the foot is raised, so that the
  /// shape shows. Seven heights of eight, so that lines under each other stay apart. Zero is the lowest; what is
  /// not known, a value below zero, is blank.
  package func sparkline(_ values: [Double], width: Int) -> String {
    guard width > 0 else { return "" }
    let shown = resample(values.map { $0.isFinite ? ($0 < 0 ? nil : $0) : 0 }, width: width)
    let known = shown.compactMap(\.self)
    let highest = known.max() ?? 0
    let lowest = known.min() ?? 0
    let foot = lowest > highest / 2 ? max(0, lowest - (highest - lowest) - highest * 0.1) : 0
    var result = String(repeating: " ", count: max(0, width - shown.count))
    for value in shown {
      guard let value else {
        result.append(" ")
        continue
      }
      guard highest > foot, value > 0 else {
        result.append(levels[0])
        continue
      }
      result.append(levels[min(6, max(0, Int(((value - foot) / (highest - foot) * 6).rounded())))])
    }
    return result
  }

  /// More values than columns: neighbours are averaged, so that a peak does not come and go with the phase.
  private func resample(_ values: [Double?], width: Int) -> [Double?] {
    guard values.count > width else { return values }
    return (0..<width).map { column in
      let first = column * values.count / width
      let last = max(first + 1, (column + 1) * values.count / width)
      let known = values[first..<last].compactMap(\.self)
      return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
  }
}
