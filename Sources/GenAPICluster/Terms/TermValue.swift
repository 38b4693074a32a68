import ErlangNode
import GenAPIValue

/// Turns Erlang terms into values and back.
///
/// Atoms become strings, but for `nil`, `null`, `undefined`, `true` and `false`; tuples become arrays; the struct name of
/// an Elixir struct is left out. Text is a binary; bytes that are no UTF-8 stay bytes.
enum TermValue {
  static func value(_ term: Term) -> Value {
    switch term {
    case .integer(let number): return .int(number)
    case .bigInteger(let number):
      // Beyond the digits that a value may have it is a text that says so.
      return number.decimal(most: WideInteger.mostDigits).flatMap { WideInteger($0) }.map(Value.wideInteger)
        ?? .string(ByteText(term.erlangText))
    case .float(let number): return .double(number)
    case .atom("nil"), .atom("null"), .atom("undefined"): return .null
    case .atom("true"): return true
    case .atom("false"): return false
    case .atom(let name): return .string(withoutPrefix(name))
    case .tuple(let elements), .list(let elements): return .array(elements.map(value))
    case .improperList(let elements, let tail): return .array(elements.map(value) + [value(tail)])
    case .binary(let bytes):
      return ByteText(validating: bytes).map(Value.string) ?? .bytes(bytes)
    case .bitString(let bytes, _): return .bytes(bytes)
    case .map(let map):
      if let config = ElixirConfig.value(of: map) { return config }
      if let time = ElixirTime.text(of: map) { return .string(time) }
      var object = ValueObject()
      for (key, item) in map.pairs where key != .atom("__struct__") { object[name(key)] = value(item) }
      return .object(object)
    case .pid, .port, .reference, .export, .opaqueFun: return .string(ByteText(term.erlangText))
    }
  }

  static func term(_ value: Value) -> Term {
    switch value {
    case .null: .atom("nil")
    case .bool(let value): .atom(value ? "true" : "false")
    case .int(let value): .integer(value)
    case .wideInteger(let value):
      BigInteger(decimal: value.digits.utf8, most: WideInteger.mostDigits).map(Term.bigInteger)
        ?? .text(value.digits)
    case .double(let value): .float(value)
    case .string(let text): .text(text)
    case .bytes(let bytes): .binary(bytes)
    case .array(let items): .list(items.map(term))
    case .object(let object): .map(TermMap(object.map { (key: .text($0.key), value: term($0.value)) }))
    }
  }

  /// The same with atoms as keys, as Elixir code writes maps of its own.
  static func termWithAtomKeys(_ object: ValueObject) -> [(key: Term, value: Term)] {
    object.map { (key: .atom($0.key), value: term($0.value)) }
  }

  /// Text of an atom or a binary; nil for `nil` and for other terms.
  static func text(_ term: Term?) -> ByteText? {
    switch term {
    case .atom("nil"), .atom("undefined"), nil: nil
    case .atom(let name): withoutPrefix(name)
    case .binary(let bytes): ByteText(validating: bytes)
    default: nil
    }
  }

  private static func name(_ key: Term) -> ByteText {
    switch key {
    case .integer(let number): "\(number)"
    default: text(key) ?? ByteText(key.erlangText)
    }
  }

  /// Elixir's modules are atoms that begin with `Elixir.`; people leave it out.
  private static func withoutPrefix(_ name: ByteText) -> ByteText {
    name.dropping(prefix: "Elixir.") ?? name
  }

  /// The atom of a module: one that begins with a capital is Elixir's.
  static func module(_ name: ByteText) -> Term {
    let isElixir = name.utf8.first.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } ?? false
    return .atom(isElixir && !name.hasPrefix("Elixir.") ? "Elixir." + name : name)
  }
}

/// Elixir's dates and times, as ISO 8601.
enum ElixirTime {
  static func text(of map: TermMap) -> ByteText? {
    guard let kind = map[atom: "__struct__"]?.atomName else { return nil }
    func number(_ name: ByteText, _ digits: Int) -> ByteText? {
      guard let value = map[atom: name]?.integerValue, value >= 0 else { return nil }
      let text = String(value)
      return "\(String(repeating: "0", count: max(0, digits - text.utf8.count)))\(text)"
    }
    func date() -> ByteText? {
      guard let year = number("year", 4), let month = number("month", 2), let day = number("day", 2) else {
        return nil
      }
      return "\(year)-\(month)-\(day)"
    }
    func time() -> ByteText? {
      guard let hour = number("hour", 2), let minute = number("minute", 2), let second = number("second", 2)
      else {
        return nil
      }
      var text = "\(hour):\(minute):\(second)"
      if let fraction = map[atom: "microsecond"]?.tupleElements, fraction.count == 2,
        let value = fraction[0].integerValue, let digits = fraction[1].integerValue, (1...6).contains(digits)
      {
        let six = String(repeating: "0", count: max(0, 6 - String(value).utf8.count)) + String(value)
        text += "." + six.prefix(Int(digits))
      }
      return ByteText(text)
    }
    switch kind {
    case "Elixir.Date": return date()
    case "Elixir.Time": return time()
    case "Elixir.NaiveDateTime": return date().flatMap { day in time().map { "\(day)T\($0)" } }
    case "Elixir.DateTime":
      guard let day = date(), let clock = time() else { return nil }
      let offset =
        (map[atom: "utc_offset"]?.integerValue ?? 0) + (map[atom: "std_offset"]?.integerValue ?? 0)
      if offset == 0 { return "\(day)T\(clock)Z" }
      let minutes = abs(offset) / 60
      func two(_ number: Int64) -> ByteText { number < 10 ? "0\(number)" : "\(number)" }
      return "\(day)T\(clock)\(offset < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    default: return nil
    }
  }
}
