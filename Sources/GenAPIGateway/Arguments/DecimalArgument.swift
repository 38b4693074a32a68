import GenAPIValue

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An argument that is a decimal number, which clients send as a number or as its digits in a text.
enum DecimalArgument {
  /// Refuses what is no such number, one of more digits than a `Decimal` has, and what is out of its range, exactly.
  static func check(_ value: Value, _ what: ByteText, _ range: NumberRange?) throws(ArgumentError) {
    let decimal: Decimal
    do {
      decimal = try ValueDecoder().decode(Decimal.self, from: value)
    } catch {
      throw ArgumentError("\(what) must be a decimal number of at most 38 digits, as text or number")
    }
    guard let range else { return }
    let isBelow = range.least.flatMap(self.decimal).map { decimal < $0 } ?? false
    let isAbove = range.most.flatMap(self.decimal).map { decimal > $0 } ?? false
    if isBelow || isAbove { throw ArgumentError("\(what) must be \(range.text)") }
  }

  private static func decimal(_ bound: Value) -> Decimal? {
    try? ValueDecoder().decode(Decimal.self, from: bound)
  }
}
