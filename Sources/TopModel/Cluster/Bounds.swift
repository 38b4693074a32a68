/// The range in which numbers from a gateway are believed, so that adding and dividing them stays in their type:
/// a gateway that is broken, or no gateway at all, may send any.
enum Bounds {
  /// The largest count: 2^53, the last whole number that JSON readers agree on.
  static let most: Int64 = 1 << 53

  /// A count, 0 to 2^53.
  static func count<Number: FixedWidthInteger>(_ value: Number) -> Number {
    min(max(0, value), Number(clamping: most))
  }

  /// A duration in seconds, 0 to 2^53; what is no number is 0.
  static func seconds(_ value: Double) -> Double { value.isFinite ? min(max(0, value), Double(most)) : 0 }
}
