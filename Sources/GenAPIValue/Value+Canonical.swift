/// The one text of a value, for whoever counts by it.
extension Value {
  /// A text itself; any other value as JSON in which one number has one form, however it was written, and an object its keys in
  /// order. Equal values have equal texts.
  package var canonicalText: ByteText {
    switch self {
    case .string(let text): text
    case .int(let number): ByteText("\(number)")
    default: ByteText(canonical.json)
    }
  }

  private var canonical: Value {
    switch self {
    case .double(let number): Self.canonical(number)
    case .wideInteger(let number): Self.canonical(number)
    case .array(let items): .array(items.map(\.canonical))
    case .object(let object):
      .object(
        object.map { ($0.key, $0.value.canonical) }.sorted { $0.0 < $1.0 }
          .reduce(into: ValueObject()) { $0[$1.0] = $1.1 })
    default: self
    }
  }

  /// A whole number as an integer, of any size: 1.0, 1e0 and 1 are one.
  private static func canonical(_ number: Double) -> Value {
    if let integer = Int64(exactly: number) { return .int(integer) }
    guard number.isFinite, number == number.rounded(), let digits = digits("\(number)"),
      let wide = WideInteger(digits)
    else { return .double(number) }
    return .wideInteger(wide)
  }

  /// One that a double writes in fewer digits is the same number when the double is: 2^64 and 1.8446744073709551616e19.
  private static func canonical(_ number: WideInteger) -> Value {
    guard let exact = Self.exactly(number.double), exact == number.digits else { return .wideInteger(number) }
    return canonical(number.double)
  }

  /// The digits of a whole number, all of them; nil for a double that is none.
  private static func exactly(_ number: Double) -> ByteText? {
    guard number.isFinite, number == number.rounded() else { return nil }
    // A double is a whole number of 53 bits, doubled so often.
    var digits = [UInt8]()
    var rest = number.significandBitPattern | 1 << 52
    while rest > 0 {
      digits.append(UInt8(rest % 10))
      rest /= 10
    }
    for _ in 0..<max(0, Int(number.exponent) - 52) {
      var carry: UInt8 = 0
      for index in digits.indices {
        let twice = digits[index] * 2 + carry
        (digits[index], carry) = (twice % 10, twice / 10)
      }
      if carry > 0 { digits.append(carry) }
    }
    let text = digits.reversed().map { UInt8(ascii: "0") + $0 }
    return ByteText(decoding: (number < 0 ? [UInt8(ascii: "-")] : []) + text)
  }

  /// The digits of a whole number that Swift writes as `1.5e+30`: those and zeros, as who writes it out would.
  private static func digits(_ text: String) -> ByteText? {
    let parts = text.split(separator: "e")
    guard let mantissa = parts.first else { return nil }
    let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let fraction = halves.count > 1 ? String(halves[1]) : ""
    // Beyond 2^63 nothing stands behind the point but a zero that says so.
    let behind = fraction.hasSuffix("0") ? String(fraction.dropLast()) : fraction
    guard exponent >= behind.utf8.count else { return nil }
    return ByteText(halves[0] + behind + String(repeating: "0", count: exponent - behind.utf8.count))
  }
}
