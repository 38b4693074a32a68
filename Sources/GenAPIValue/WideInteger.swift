/// An integer beyond 64 bits, kept by its digits so that it goes out as it came in: ids of 2^64, amounts in wei.
public struct WideInteger: Sendable, Hashable {
  /// More digits than this are no number that anybody counts with; reading and writing them in another base would take
  /// time that grows with their square.
  public static let mostDigits = 1_000

  /// The decimal digits, with a leading `-` for a negative one and no leading zeros.
  public let digits: ByteText

  /// Makes an integer of its decimal digits; nil when they are not, begin with a zero, are more than `mostDigits`, or fit 64
  /// bits: those are `Value.int`, and one number has one form.
  public init?(_ digits: ByteText) {
    let isFine = digits.withBytes { bytes in
      let number = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
      return (1...Self.mostDigits).contains(number.count) && number.first != UInt8(ascii: "0")
        && number.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
    guard isFine, Int64(digits.string) == nil else { return nil }
    self.digits = digits
  }

  /// Makes the number that a text writes in decimal; nil when it writes none.
  public init?(_ digits: String) { self.init(ByteText(digits)) }

  /// Whether it is below 0.
  public var isNegative: Bool { digits.utf8.first == UInt8(ascii: "-") }

  /// The nearest double; infinite beyond its range.
  public var double: Double { Double(digits.string) ?? (isNegative ? -.infinity : .infinity) }
}

extension WideInteger: Comparable {
  public static func < (one: WideInteger, other: WideInteger) -> Bool {
    guard one.isNegative == other.isNegative else { return one.isNegative }
    // Without zeros in front, so the longer one is farther from 0.
    let (mine, its) = (one.digits.utf8.count, other.digits.utf8.count)
    let isNearer = mine == its ? one.digits < other.digits : mine < its
    return one.isNegative ? one != other && !isNearer : isNearer
  }
}

/// As a number where a coder takes one of 128 bits, or else as its digits in a string.
extension WideInteger: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let digits = try container.decode(String.self)
    guard let integer = WideInteger(digits) else {
      throw DecodingError.dataCorrupted(.init(telling: "\(digits) is no integer", at: container.codingPath))
    }
    self = integer
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value = UInt64(digits.string) {
      try container.encode(value)
    } else {
      try container.encode(digits.string)
    }
  }
}
