/// Arithmetic on numbers from outside: a result that the type cannot hold is the end of the type, and stops nothing.
extension FixedWidthInteger {
  @inlinable
  package func saturatingAdd(_ other: Self) -> Self {
    let (sum, isTooLarge) = addingReportingOverflow(other)
    return isTooLarge ? (other > 0 ? .max : .min) : sum
  }

  @inlinable
  package func saturatingSubtract(_ other: Self) -> Self {
    let (result, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other > 0 ? .min : .max) : result
  }

  @inlinable
  package func saturatingMultiply(_ other: Self) -> Self {
    let (product, isTooLarge) = multipliedReportingOverflow(by: other)
    return isTooLarge ? ((self < 0) == (other < 0) ? .max : .min) : product
  }
}
