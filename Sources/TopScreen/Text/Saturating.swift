/// Sums and differences of numbers that a gateway sent, which may be anything: they stop at the ends of the
/// type instead of trapping.
extension FixedWidthInteger {
  func adding(_ other: Self) -> Self {
    let (sum, isTooLarge) = addingReportingOverflow(other)
    return isTooLarge ? (other > 0 ? .max : .min) : sum
  }

  func minus(_ other: Self) -> Self {
    let (difference, isTooLarge) = subtractingReportingOverflow(other)
    return isTooLarge ? (other < 0 ? .max : .min) : difference
  }
}
