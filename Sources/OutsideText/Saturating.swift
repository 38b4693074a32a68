/// Arithmetic on numbers from outside: a result that the type cannot hold is the end of the type, and stops nothing.
extension FixedWidthInteger {
  package func saturatingAdd(_ other: Self) -> Self {
    let (sum, isTooLarge) = addingReportingOverflow(other)
    return isTooLarge ? (other > 0 ? .max : .min) : sum
  }

  package func saturatingMultiply(_ other: Self) -> Self {
    let (product, isTooLarge) = multipliedReportingOverflow(by: other)
    return isTooLarge ? ((self < 0) == (other < 0) ? .max : .min) : product
  }
}
