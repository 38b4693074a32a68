/// An integer of more than 64 bits, as Erlang sends it.
public struct BigInteger: Hashable, Sendable {
  /// Whether it is below 0.
  public let isNegative: Bool
  /// The absolute value, lowest byte first, without zero bytes at the end.
  public let magnitude: [UInt8]

  public init(isNegative: Bool, magnitude: [UInt8]) {
    var magnitude = magnitude
    while magnitude.last == 0 { magnitude.removeLast() }
    self.isNegative = isNegative && !magnitude.isEmpty
    self.magnitude = magnitude
  }

  /// nil when the value needs more than 64 bits.
  public var int64: Int64? {
    guard magnitude.count <= 8 else { return nil }
    let absolute = magnitude.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if !isNegative { return Int64(exactly: absolute) }
    return absolute <= UInt64(Int64.max) ? -Int64(absolute) : absolute == 1 << 63 ? Int64.min : nil
  }
}
