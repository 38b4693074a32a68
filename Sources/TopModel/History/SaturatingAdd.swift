extension FixedWidthInteger {
  /// The sum, or the end of the type when it is beyond.
  func saturatingAdd(_ other: Self) -> Self {
    let (sum, isTooLarge) = addingReportingOverflow(other)
    return isTooLarge ? (other > 0 ? .max : .min) : sum
  }
}
