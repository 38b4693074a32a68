import ErlangNode
import GenAPIValue

/// Turns Erlang terms into values and back.
///
/// Atoms become strings, but for `nil`, `null`, `undefined`, `true` and `false`; tuples become arrays. Text is a binary; bytes
/// that are no UTF-8 stay bytes. Elixir's own structs become what `ElixirStruct` says, others their fields; what a struct
/// carries for its library alone, under keys that begin with `__`, is left out.
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
      if let known = ElixirStruct.value(of: map) { return known }
      var object = ValueObject()
      for (key, item) in map.pairs where key.atomName?.hasPrefix("__") != true {
        object[name(key)] = value(item)
      }
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
