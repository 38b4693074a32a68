import ErlangNode
import GenAPIValue

/// What a client gets of structs that say more than their fields do.
enum ElixirStruct {
  /// nil for a struct whose fields are all there is to it, and for a map that is no struct.
  static func value(of map: TermMap) -> Value? {
    guard let kind = map[atom: "__struct__"]?.atomName else { return nil }
    switch kind {
    case "Elixir.Decimal": return decimal(map).map(Value.string)
    case "Elixir.MapSet":
      return map[atom: "map"]?.map.map { .array($0.pairs.map { TermValue.value($0.key) }) }
    case "Elixir.Range": return range(map).map(Value.string)
    // Nobody knows what would be there.
    case "Elixir.Ecto.Association.NotLoaded": return .null
    default: return ElixirTime.text(of: map, kind).map(Value.string)
    }
  }

  /// As Decimal itself writes it: with an exponent only where the zeros would be many, so that the text is never longer than
  /// the digits by much.
  private static func decimal(_ map: TermMap) -> ByteText? {
    guard let sign = map[atom: "sign"]?.integerValue, let coefficient = map[atom: "coef"] else { return nil }
    let mark = sign < 0 ? "-" : ""
    let digits: String
    switch coefficient {
    case .atom("NaN"): return ByteText("\(mark)NaN")
    case .atom("inf"): return ByteText("\(mark)Infinity")
    case .integer(let number) where number >= 0: digits = String(number)
    case .bigInteger(let number) where !number.isNegative:
      guard let text = number.decimal(most: WideInteger.mostDigits) else { return nil }
      digits = text
    default: return nil
    }
    guard let exponent = map[atom: "exp"]?.integerValue else { return nil }
    if exponent == 0 { return ByteText(mark + digits) }
    let (adjusted, isBeyond) = exponent.addingReportingOverflow(Int64(digits.utf8.count - 1))
    guard !isBeyond else { return nil }
    if exponent < 0, adjusted >= -6 {
      let point = digits.utf8.count + Int(exponent)
      if point > 0 { return ByteText("\(mark)\(digits.prefix(point)).\(digits.dropFirst(point))") }
      return ByteText("\(mark)0.\(String(repeating: "0", count: -point))\(digits)")
    }
    let fraction = digits.utf8.count > 1 ? ".\(digits.dropFirst())" : ""
    return ByteText("\(mark)\(digits.prefix(1))\(fraction)E\(exponent >= 0 ? "+" : "")\(adjusted)")
  }

  /// `1..10`, or `10..1//-2`, as Elixir writes one: its numbers may be more than anybody can hold.
  private static func range(_ map: TermMap) -> ByteText? {
    guard let first = map[atom: "first"]?.integerValue, let last = map[atom: "last"]?.integerValue else {
      return nil
    }
    // Before Elixir 1.12 a range that went down had no step.
    guard let step = map[atom: "step"]?.integerValue, step != 1 else { return "\(first)..\(last)" }
    return "\(first)..\(last)//\(step)"
  }
}
