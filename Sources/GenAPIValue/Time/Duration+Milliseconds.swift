import OutsideText

extension Duration {
  /// Milliseconds, rounded up, so that a time above 0 stays above 0; bounded by what 64 bits hold.
  package var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, rest) = attoseconds.quotientAndRemainder(dividingBy: 1_000_000_000_000_000)
    return seconds.saturatingMultiply(1_000).saturatingAdd(whole).saturatingAdd(rest > 0 ? 1 : 0)
  }
}
