import GenAPIValue

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The default of an argument as its config has it, or why it can be none.
struct ArgumentDefault {
  /// nil for none.
  private(set) var value: Value?
  /// Why it cannot be written as a value.
  private var fault: ByteText?

  init<Wrapped: Codable & Sendable>(_ stated: Wrapped?) {
    guard let stated else { return }
    do {
      let encoded = try Self.encoded(stated)
      // An optional of an optional type: a nil in a variable is no more a default than one that is written out.
      if !encoded.isNull { value = encoded }
      if encoded.isNull, (stated as? any NumberWithoutValue)?.isNaN == true { fault = "it is no number" }
    } catch let EncodingError.invalidValue(_, context) {
      // Not the value: describing a date that is none ends the process.
      fault = ByteText(context.debugDescription).cut(bytes: 500)
    } catch {
      fault = ByteText("\(error)").cut(bytes: 500)
    }
  }

  private static func encoded(_ stated: some Codable & Sendable) throws -> Value {
    if let known = stated as? any ArgumentValue { return known.argumentValue }
    let value = try ValueEncoder().encode(stated)
    // A config is JSON, which has bytes as text.
    if case .bytes(let bytes) = value { return .string(ByteText(Base64.encode(bytes))) }
    return value
  }

  /// What registering refuses it for, but for what its declaration alone tells.
  func faults<Wrapped>(
    _ name: ByteText, _ spec: ArgumentSpec, _ read: (Value, ByteText) throws(ArgumentError) -> Wrapped
  ) -> [ByteText] {
    let words = "\(FaultWords.swift.field("default_value")) cannot be" as ByteText
    if let fault { return ["\(words) written as a value: \(fault)"] }
    guard let value, value.endlessNumber == nil,
      (try? ArgumentConverter().convert(value, name: name, spec: spec)) != nil
    else { return [] }
    do throws(ArgumentError) {
      _ = try read(value, name)
      return []
    } catch {
      return ["\(words) read back: \(ByteText(error.description))"]
    }
  }
}

/// Numbers that are null as values where they are none.
private protocol NumberWithoutValue { var isNaN: Bool { get } }
extension Decimal: NumberWithoutValue {}
